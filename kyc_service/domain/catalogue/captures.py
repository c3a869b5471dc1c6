"""Captures that are to be taken again: they open the capture gate and nothing else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from kyc_service.domain.catalogue.entry import retake
from kyc_service.domain.reason_codes import Reason

CAPTURES: Final = MappingProxyType(
    {
        Reason.DOCUMENT_NOT_FOUND: retake(
            "No identity document was found in the picture.",
            "We could not find your document in the picture. Lay it flat and fill the frame with it.",
            "照片中没有找到您的证件。请将证件平放，并让它占满取景框。",
        ),
        Reason.DOCUMENT_TOO_SMALL: retake(
            "The document is too small in the picture to be read.",
            "Your document is too far away. Move closer so that it fills the frame.",
            "证件离镜头太远。请靠近一些，让证件占满取景框。",
        ),
        Reason.DOCUMENT_CUT_OFF: retake(
            "Part of the document lies outside the picture.",
            "Part of your document is cut off. Make sure that all four corners are visible.",
            "证件没有拍完整。请确保四个角都在画面内。",
        ),
        Reason.DOCUMENT_BLURRED: retake(
            "The document is too blurred to be read.",
            "The picture is blurred. Hold the phone still and let it focus.",
            "照片模糊。请拿稳手机，待对焦清晰后再拍。",
        ),
        Reason.DOCUMENT_TOO_DARK: retake(
            "The document is too dark to be read.",
            "The picture is too dark. Move to a brighter place.",
            "照片太暗。请到光线充足的地方拍摄。",
        ),
        Reason.DOCUMENT_OVEREXPOSED: retake(
            "The document is overexposed.",
            "The picture is too bright. Avoid direct light and reflections.",
            "照片过亮。请避开直射光和反光。",
        ),
        Reason.DOCUMENT_UNREADABLE: retake(
            "A document was found but its required fields could not be read.",
            "We could not read your document. Take the picture again in good light, without reflections.",
            "我们无法看清您的证件。请在光线充足、没有反光的地方重新拍摄。",
        ),
        Reason.DOCUMENT_WRONG_SIDE: retake(
            "The other side of the document was sent.",
            "This is the other side of your document. Please photograph the side we asked for.",
            "您拍的是证件的另一面。请按提示拍摄所需的一面。",
        ),
        Reason.DOCUMENT_GLARE: retake(
            "A reflection hides the portrait, the number or another field.",
            "Light is reflected on your document. Tilt it a little or move away from the lamp.",
            "证件上有反光。请稍微倾斜证件，或避开灯光。",
        ),
        Reason.DOCUMENT_COVERED: retake(
            "Something covers a part of the document.",
            "A part of your document is covered. Keep fingers and other things off it.",
            "证件有一部分被遮住。请不要让手指或其他物品挡住证件。",
        ),
        Reason.DOCUMENT_SEVERAL: retake(
            "More than one document is in the picture.",
            "There is more than one document in the picture. Please photograph one side of one document.",
            "画面中有不止一张证件。请只拍摄一张证件的一面。",
        ),
        Reason.DOCUMENT_SCREENSHOT: retake(
            "The picture is a screenshot and not a photograph.",
            "This looks like a screenshot. Please photograph the document itself.",
            "这看起来是一张屏幕截图。请直接拍摄证件原件。",
        ),
        Reason.FACE_NOT_FOUND: retake(
            "No face was found in the selfie.",
            "We could not see your face. Look straight into the camera.",
            "我们没有看到您的脸。请正对镜头。",
        ),
        Reason.FACE_SEVERAL: retake(
            "More than one face of similar size is in the selfie.",
            "Someone else is in the picture. Please take it alone.",
            "画面中还有其他人。请单独拍摄。",
        ),
        Reason.FACE_TOO_SMALL: retake(
            "The face in the selfie is too small.",
            "You are too far away. Move the phone closer.",
            "您离镜头太远。请把手机拿近一些。",
        ),
        Reason.FACE_CUT_OFF: retake(
            "The face in the selfie is cut off by the edge of the picture.",
            "Part of your face is outside the picture. Centre your face.",
            "您的脸没有拍完整。请将脸放在画面中央。",
        ),
        Reason.FACE_TURNED_AWAY: retake(
            "The face in the selfie is turned too far from the camera.",
            "Look straight into the camera.",
            "请正对镜头。",
        ),
        Reason.FACE_BLURRED: retake(
            "The face in the selfie is blurred.",
            "The picture is blurred. Hold the phone still.",
            "照片模糊。请拿稳手机。",
        ),
        Reason.FACE_TOO_DARK: retake(
            "The face in the selfie is too dark.",
            "The picture is too dark. Turn towards the light.",
            "照片太暗。请面向光源。",
        ),
        Reason.FACE_OVEREXPOSED: retake(
            "The face in the selfie is overexposed.",
            "The picture is too bright. Turn away from strong light.",
            "照片过亮。请避开强光。",
        ),
        Reason.FACE_UNEVENLY_LIT: retake(
            "One side of the face in the selfie is far darker than the other.",
            "One side of your face is in shadow. Turn towards the light.",
            "您的脸有一侧处在阴影中。请面向光源。",
        ),
        Reason.FACE_TILTED: retake(
            "The head in the selfie is tilted up, down or to the side.",
            "Hold the phone at eye level and keep your head upright.",
            "请将手机举到与眼睛同高，并保持头部端正。",
        ),
        Reason.FACE_EYES_CLOSED: retake(
            "The eyes in the selfie are closed.",
            "Your eyes are closed. Look into the camera with open eyes.",
            "您的眼睛闭着。请睁开眼睛看向镜头。",
        ),
        Reason.FACE_EYES_COVERED: retake(
            "The eyes in the selfie are covered.",
            "We cannot see your eyes. Take off sunglasses and move hair aside.",
            "我们看不清您的眼睛。请摘下墨镜，并拨开遮住眼睛的头发。",
        ),
        Reason.FACE_MOUTH_OPEN: retake(
            "The mouth in the selfie is wide open.",
            "Close your mouth and keep a neutral face.",
            "请闭上嘴，保持自然表情。",
        ),
        Reason.FACE_COVERED: retake(
            "Part of the face in the selfie is covered.",
            "Part of your face is covered. Take off masks and keep hands away.",
            "您的脸有一部分被遮住。请摘下口罩，不要用手挡住脸。",
        ),
        Reason.FACE_COMPRESSED: retake(
            "The selfie has been compressed until the face shows blocks.",
            "The picture has lost too much quality. Take it anew in the app.",
            "照片清晰度不足。请在应用内重新拍摄。",
        ),
        Reason.CLIP_TOO_SHORT: retake(
            "The clip ends before the challenge does.",
            "The recording was too short. Please follow all the steps.",
            "录制时间太短。请完成所有步骤。",
        ),
        Reason.CLIP_TOO_FEW_FRAMES: retake(
            "The clip has too few frames to follow a movement.",
            "The recording was too jerky. Please try again.",
            "录制不够流畅。请重试。",
        ),
        Reason.CLIP_FACE_LOST: retake(
            "The face leaves the clip or cannot be followed through it.",
            "We lost sight of your face. Keep it in the frame the whole time.",
            "您的脸离开了画面。请在整个过程中保持脸在取景框内。",
        ),
        Reason.CHALLENGE_ACTION_MISSING: retake(
            "An action that was asked for is not seen in the clip.",
            "We could not see every movement. Please follow the steps again.",
            "有的动作我们没有看清。请按提示重新完成各个步骤。",
        ),
        Reason.CHALLENGE_WRONG_ORDER: retake(
            "The actions in the clip are done in another order than asked.",
            "Please follow the steps in the order in which they are shown.",
            "请按屏幕显示的顺序完成各个步骤。",
        ),
        Reason.CHALLENGE_OUT_OF_TIME: retake(
            "An action in the clip is done outside the time in which it was asked.",
            "Please follow each step while it is shown.",
            "请在每个步骤显示期间完成相应动作。",
        ),
        Reason.CHALLENGE_EXPIRED: retake(
            "The clip came after the challenge had expired, or a challenge was answered twice.",
            "The steps have expired. Please start them again.",
            "操作已超时。请重新开始。",
        ),
    }
)
