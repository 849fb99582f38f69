"""Cut the typefaces that come with the project out of their full packages.

Usage: python docs/how-to/subset_fonts.py PACKAGES

PACKAGES is the `node_modules` folder in which docs/how-to/fonts.md puts the packages. Writes the .ttf files and licence
texts of src/compare/fonts and src/sample/fonts. The same package versions and the same fonttools give the same bytes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fontTools.subset import Options, Subsetter, load_font, save_font

ROOT = Path(__file__).resolve().parents[2]
CHART_FONTS = ROOT / "src/compare/fonts"
PRINT_FONTS = ROOT / "src/sample/fonts"
FORM_TABLES = ROOT / "src/extract/reference/forms"

# Signs that charts use and GB2312 does not have: minus, dashes, superscripts, marks, comparison.
CHART_SIGNS = "−–—‑•·…‰×÷±≈≤≥≠←↑→↓↗↘▲△▼▽◀▶●○■□◆◇★☆✓²³¹⁴©®°µΩσμβαχéüöäß"

# Rare hanzi of place names that the list of streets writes in another way or leaves out.
RARE_NAME_HANZI = "㙟㴔坮橦淜澛澺灈猇硚簰鄠鲘鶂鿎𠙶𡐓𣲗𥔲𥕢𦙶𦰡𨟠𨻧𪨰𫭢𬇕𬇙𬒈𬒗𬕂𬜯𬮤𬶍𰝟𱳪"


class Cut(NamedTuple):
    """One font file to make: where the full one lies, where the cut one goes, and whether it keeps rare hanzi."""

    package: str
    file: str
    target: Path
    wide: bool


CUTS = [
    Cut(
        "@expo-google-fonts/noto-sans-sc",
        "400Regular/NotoSansSC_400Regular.ttf",
        CHART_FONTS / "NotoSansSC-Regular.ttf",
        True,
    ),
    Cut("@expo-google-fonts/noto-sans-sc", "700Bold/NotoSansSC_700Bold.ttf", CHART_FONTS / "NotoSansSC-Bold.ttf", True),
    Cut(
        "@expo-google-fonts/noto-sans-sc",
        "400Regular/NotoSansSC_400Regular.ttf",
        PRINT_FONTS / "NotoSansSC-Regular.ttf",
        False,
    ),
    Cut(
        "@expo-google-fonts/noto-serif-sc",
        "400Regular/NotoSerifSC_400Regular.ttf",
        PRINT_FONTS / "NotoSerifSC-Regular.ttf",
        False,
    ),
    Cut(
        "@fontsource/lxgw-wenkai",
        "files/lxgw-wenkai-latin-500-normal.woff",
        PRINT_FONTS / "LXGWWenKai-Regular.ttf",
        False,
    ),
]

LICENCES = [
    ("@expo-google-fonts/noto-sans-sc/LICENSE_FONT", CHART_FONTS / "OFL.txt"),
    ("@expo-google-fonts/noto-sans-sc/LICENSE_FONT", PRINT_FONTS / "OFL-NotoSansSC.txt"),
    ("@expo-google-fonts/noto-serif-sc/LICENSE_FONT", PRINT_FONTS / "OFL-NotoSerifSC.txt"),
    ("@fontsource/lxgw-wenkai/LICENSE", PRINT_FONTS / "OFL-LXGWWenKai.txt"),
]


def gb2312(first_row: int, last_row: int) -> Iterator[str]:
    """The characters of GB 2312-80 in rows first_row to last_row (1–9 signs, 16–55 level 1, 56–87 level 2 hanzi)."""
    for row in range(first_row, last_row + 1):
        for cell in range(1, 95):
            try:
                yield bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")
            except UnicodeDecodeError:  # an empty place of the standard
                continue


def place_name_characters(packages: Path) -> set[str]:
    """Every character that stands in the name of a street office or township (41,000 names)."""
    with (packages / "china-division/dist/streets.csv").open(encoding="utf-8-sig", newline="") as names:
        return {character for row in csv.DictReader(names) for character in row["name"]}


def form_characters() -> set[str]:
    """Every character that the statutory forms print."""
    return {character for table in FORM_TABLES.glob("*.csv") for character in table.read_text(encoding="utf-8")}


def keep(cut: Cut, packages: Path) -> set[str]:
    """The characters that a cut keeps: ASCII, signs and level 1 always; level 2 and place names in wide cuts."""
    characters = {chr(code) for code in range(0x20, 0x7F)} | set("\u00a0\u3000￥—–·•…×÷±−‰℃")
    characters |= set(gb2312(1, 3)) | set(gb2312(16, 55)) | form_characters()
    if cut.wide:
        characters |= set(gb2312(4, 9)) | set(gb2312(56, 87)) | place_name_characters(packages)
        characters |= set(RARE_NAME_HANZI) | set(CHART_SIGNS)
    return {character for character in characters if character.isprintable() or character.isspace()} - set(
        "\r\n\t\ufeff"
    )


def make(cut: Cut, packages: Path) -> None:
    """Write one cut font and say how large it is and which characters its source lacks."""
    options = Options(
        hinting=False, layout_features=["*"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], recalc_timestamp=False
    )
    options.drop_tables += ["GSUB", "GPOS", "vhea", "vmtx", "VORG", "BASE", "DSIG"]
    font = load_font(packages / cut.package / cut.file, options)
    characters = keep(cut, packages)
    lacking = sorted(character for character in characters if ord(character) not in font.getBestCmap())
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    font.flavor = None
    save_font(font, cut.target, options)
    megabytes = cut.target.stat().st_size / 1e6
    print(
        f"{cut.target.relative_to(ROOT)}: {megabytes:.2f} MB, {len(characters)} characters; lacking: {''.join(lacking)}"
    )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    packages = Path(sys.argv[1])
    for cut in CUTS:
        make(cut, packages)
    for licence, target in LICENCES:
        # Only line ends and the blanks before them are normalised: the wording of a licence is not ours to touch.
        lines = (packages / licence).read_text(encoding="utf-8").splitlines()
        target.write_text("\n".join(line.rstrip() for line in lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
