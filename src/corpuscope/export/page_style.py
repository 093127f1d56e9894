"""The style sheet of a page: light and dark, each colour legible on its ground."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as #rrggbb; texts have a contrast of 7 to 1 or more, pictures of 3 to 1."""

    ground: str
    """Behind everything."""
    words: str
    """Text."""
    quiet: str
    """Captions and addresses."""
    warning: str
    """Sentences that must not be missed."""
    link: str
    """Links."""
    interval: str
    """Bars of intervals."""
    estimate: str
    """The stroke at the estimate."""
    rule: str
    """Lines between rows; decoration."""


LIGHT = Palette("#ffffff", "#1b1b1f", "#4a4d55", "#7a3100", "#003f8c", "#6a8fc0", "#0b2a55", "#d6d8de")
DARK = Palette("#16181d", "#ececf0", "#b9bcc6", "#ffb68a", "#9cc4ff", "#5580b8", "#f4f7ff", "#3a3d46")


def _variables(palette: Palette) -> str:
    return " ".join(f"--{name}: {getattr(palette, name)};" for name in Palette.__slots__)


STYLE = (
    f":root {{ {_variables(LIGHT)} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    """\
body { margin: 0; background: var(--ground); color: var(--words); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.8rem; line-height: 1.2; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 1rem; font-size: .95rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th[scope=row] { font-weight: 500; }
.numbers td, .numbers th[scope=col]:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.caption, .address, figcaption { color: var(--quiet); font-size: .875rem; }
.warning { color: var(--warning); font-weight: 600; }
a { color: var(--link); overflow-wrap: anywhere; }
figure { margin: 1.5rem 0 .5rem; }
svg { width: 100%; max-width: 720px; height: auto; }
svg text { fill: var(--words); font-size: 14px; }
.interval { fill: var(--interval); }
.estimate { fill: var(--estimate); }
.zero { stroke: var(--quiet); stroke-width: 1; }
.tick { stroke: var(--rule); stroke-width: 1; }
svg .scale { fill: var(--quiet); font-size: 12px; }
blockquote { margin: 0 0 1.5rem; padding: 0 1rem; border-left: 4px solid var(--interval); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; unicode-bidi: plaintext; }
@media print { body { background: none; } .wide { overflow: visible; } }
"""
)
"""What stands between <style> and </style>."""
