"""Surnames of two characters, and surnames whose characters are read otherwise elsewhere.

The likeliest reading comes first; where a family may read its name in two ways, both are
there. Collected for this service from common knowledge of Chinese surnames (百家姓).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMPOUND: Final = frozenset(
    (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
        "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 "
        "拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 纳兰 完颜 贺兰 耶律 叶赫 爱新 "
        "富察 钮祜 哈拉 范姜 张简 瓜尔"
    ).split()
)

READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    characters: tuple(readings.split("/"))
    for characters, _, readings in (
        entry.partition("=")
        for entry in (
            "单=shan 仇=qiu 曾=zeng 解=xie 查=zha 盖=ge/gai 任=ren 覃=qin/tan 朴=piao/pu 区=ou/qu 乐=yue/le 缪=miao "
            "冼=xian 华=hua 纪=ji 召=shao/zhao 员=yun/yuan 种=chong/zhong 秘=bi/mi 宿=su 翟=zhai/di 折=she/zhe "
            "繁=po/fan 祭=zhai/ji 逄=pang 宁=ning 那=na/nuo 佴=nai 哈=ha 角=jue/jiao 黑=he/hei 盛=sheng 卜=bu "
            "谌=chen/shen 隗=wei/kui 郇=xun/huan 句=gou/ju 牟=mou/mu 石=shi 叶=ye 薄=bo 柏=bai/bo 费=fei/bi "
            "郗=xi/chi 葛=ge 燕=yan 应=ying 过=guo 占=zhan 撒=sa 仉=zhang 尉=wei/yu 贾=jia 洗=xian/xi 沈=shen 褚=chu "
            "车=che 晁=chao 臧=zang 阚=kan 娄=lou 适=kuo/shi 都=du 曲=qu 行=xing/heng 钭=tou 俞=yu 余=yu 於=yu "
            "肖=xiao 幺=yao 令=ling 尹=yin 殷=yin 耿=geng 艾=ai 岑=cen 佟=tong 强=qiang 尚=shang 藏=zang 相=xiang "
            "万俟=moqi 尉迟=yuchi 澹台=tantai 长孙=zhangsun 单于=chanyu 夏侯=xiahou 令狐=linghu 亓官=qiguan 鲜于=xianyu "
            "宰父=zaifu 乐正=yuezheng 皇甫=huangfu 濮阳=puyang 呼延=huyan 欧阳=ouyang 诸葛=zhuge 司徒=situ"
        ).split()
    )
}
