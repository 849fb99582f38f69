"""The drawings of the comparison pages, as SVG and as shaded tables."""
