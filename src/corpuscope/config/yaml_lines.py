"""Reads YAML that a person wrote, and knows the line of everything in it."""

from typing import Any

import yaml

from corpuscope.errors import UsageError


class _Loader(yaml.SafeLoader):
    """YAML without dates, so that `2024-12-05` is text and `2024-13-45` no crash, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - as in PyYAML
        """Raises _Alias for `*name`: a few lines of them unfold to more than any memory holds."""
        if self.check_event(yaml.AliasEvent):
            alias = self.peek_event()  # type: ignore[no-untyped-call]
            problem = f"*{alias.anchor}: aliases are not understood here; write out what it stands for"
            raise _Alias(problem=problem, problem_mark=alias.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Alias(yaml.MarkedYAMLError):
    """An alias was met."""


def load_yaml(content: str, file: str, error: type[UsageError]) -> tuple[yaml.Node | None, Any]:
    """The tree of what is written, for its lines, and the values in it; `file` is only its name in messages.

    Raises `error` for what is no YAML.
    """
    try:
        loader = _Loader(content)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except yaml.reader.ReaderError as fault:
        line = content.count("\n", 0, fault.position) + 1
        found = f"{file}:{line}: holds the control character U+{fault.character:04X}"
        raise error(found, "remove it there") from None
    except yaml.MarkedYAMLError as fault:
        where = f"{file}:{fault.problem_mark.line + 1}" if fault.problem_mark is not None else file
        problem, hint = fault.problem or str(fault), "check indentation, quotes and colons there"
        if isinstance(fault, _Alias):
            raise error(f"{where}: {problem}") from None
        if problem.startswith("but ") and fault.context:
            problem = f"{fault.context}, {problem}"
        if "'\\t'" in problem:
            problem, hint = "a tab at the start of a line", "indent with spaces"
        raise error(f"{where}: not YAML: {problem}", hint) from None
    except RecursionError:
        raise error(f"{file}: not YAML: brackets within brackets without end") from None
    except (ValueError, yaml.YAMLError) as fault:
        raise error(f"{file}: not YAML: {fault}") from None


class FileErrors:
    """Collects one line per fault, each with the line of the file it was found on."""

    def __init__(self, file: str, root: yaml.Node | None) -> None:
        self.file = file
        self.root = root
        self.lines: list[tuple[int, str]] = []

    def add(self, where: tuple[str | int, ...], message: str) -> None:
        """One fault at the place `where` leads to from the root, or at the nearest place above it."""
        line = self._line(where)
        path = ""
        for step in where:
            path += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if path else str(step)
        self.lines.append((line, f"{self.file}:{line}: {path + ': ' if path else ''}{message}"))

    def written(self, where: tuple[str | int, ...]) -> str | None:
        """What the file says at a place, word for word; None when that is no single value."""
        node, _ = self._find(where)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def in_order(self) -> str:
        """All faults in the order of the file, a line each."""
        return "\n".join(text for _, text in sorted(self.lines))

    def repeated_keys(self) -> None:
        """YAML silently keeps the last of two equal keys; a person who wrote both wants to know."""
        stack = [self.root] if self.root else []
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.SequenceNode):
                stack += node.value
            elif isinstance(node, yaml.MappingNode):
                seen = set()
                for name, child in node.value:
                    key = str(name.value)
                    if key in seen:
                        line = name.start_mark.line + 1
                        self.lines.append((line, f"{self.file}:{line}: {key}: written twice"))
                    seen.add(key)
                    stack.append(child)

    def _line(self, where: tuple[str | int, ...]) -> int:
        return self._find(where)[1]

    def _find(self, where: tuple[str | int, ...]) -> tuple[yaml.Node | None, int]:
        """The node at a place and its line; no node, and the line of the nearest above it, when it is not there."""
        node, line = self.root, 1
        for step in where:
            line = node.start_mark.line + 1 if node else line
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            elif isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if str(k.value) == str(step)]
                if not found:
                    return None, line
                line, node = found[0][0].start_mark.line + 1, found[0][1]
            else:
                return None, line
        return node, line
