from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc_service.documents.engines import DocumentEngines
from kyc_service.inference.ocr import NullTextReader, TextReader, boxes_of, decode

ALPHABET = ("", "a", "b", "c", "d", "e", "f", "g")


@given(st.lists(st.integers(0, 7), max_size=40))
def test_decoding_collapses_repeats_and_blanks(indices: list[int]) -> None:
    steps = np.full((len(indices), 8), 0.01, np.float32)
    steps[np.arange(len(indices)), indices] = 0.93
    kept = [i for n, i in enumerate(indices) if i and (n == 0 or indices[n - 1] != i)]
    line = decode(steps, ALPHABET)
    assert line.text == "".join(ALPHABET[i] for i in kept)
    assert all(0 <= c.position <= 1 and c.confidence == pytest.approx(0.93) for c in line.characters)
    assert all(c.text not in {text for text, _ in c.alternatives} for c in line.characters)


def test_runners_up_come_best_first() -> None:
    line = decode(np.array([[0.1, 0.5, 0.1, 0.3, 0, 0, 0, 0]], np.float32), ALPHABET)
    assert line.characters[0].alternatives[0] == ("c", pytest.approx(0.3))


def test_boxes_grow_back_to_the_size_of_the_text() -> None:
    probability = np.zeros((200, 400), np.float32)
    probability[90:110, 100:300] = 0.9
    (box,) = boxes_of(probability)
    left, top = box.min(axis=0)
    right, bottom = box.max(axis=0)
    growth = 20 * 200 * 1.6 / (20 + 200) / 2
    assert (left, right) == (pytest.approx(100 - growth, abs=2), pytest.approx(300 + growth, abs=2))
    assert (top, bottom) == (pytest.approx(90 - growth, abs=2), pytest.approx(110 + growth, abs=2))


def test_faint_and_tiny_spots_are_no_text() -> None:
    probability = np.zeros((100, 100), np.float32)
    probability[10:12, 10:12] = 0.9
    probability[50:60, 20:80] = 0.35
    assert boxes_of(probability) == []


def drawn(text: str) -> np.ndarray:
    pixels = np.full((60, 30 * len(text), 3), 240, np.uint8)
    cv2.putText(pixels, text, (10, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 2, cv2.LINE_AA)
    return pixels


def check_contract(reader: TextReader) -> None:
    crops = [drawn("2016"), drawn("KOWALSKA 20360504"), np.zeros((1, 1, 3), np.uint8)]
    assert len(reader.recognise(crops)) == 3
    assert reader.recognise([]) == ()
    assert all(quad.shape == (4, 2) for quad in reader.detect(drawn("2016.05.04"), 320))
    assert reader.model_id


def test_the_null_reader_keeps_the_contract() -> None:
    check_contract(NullTextReader())


@pytest.mark.models
def test_the_openvino_reader_keeps_the_contract_and_the_order(engines: DocumentEngines) -> None:
    check_contract(engines.text)
    texts = ["2016", "330106198503129989", "77", "20360504"]
    assert [line.text for line in engines.text.recognise([drawn(t) for t in texts])] == texts


@pytest.mark.models
def test_threads_do_not_disturb_each_other(engines: DocumentEngines) -> None:
    texts = [f"{n * 7919:08d}" for n in range(1, 13)]
    with ThreadPoolExecutor(4) as pool:
        lines = list(pool.map(lambda t: engines.text.recognise([drawn(t)])[0].text, texts))
    assert lines == texts
