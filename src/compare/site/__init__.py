"""The auditors' static site: one page that opens from the disk, without server, network or scripts from elsewhere."""

from compare.site.pages import write

__all__ = ["write"]
