"""The auditors' static site: pages that open from the disk, without server, network or scripts from elsewhere."""

from compare.site.writing import write

__all__ = ["write"]
