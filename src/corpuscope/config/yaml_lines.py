"""A YAML reader that reports errors with line numbers."""

from __future__ import annotations

from typing import Any

import yaml

from corpuscope.errors import UsageError


class _Loader(yaml.SafeLoader):
    """A loader without dates and aliases, so that `2024-12-05` is text and `2024-13-45` does not crash."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - as in PyYAML
        """Raise _Alias for `*name`: a few lines of aliases can outgrow any memory."""
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
    """Raised for an alias, which files of people do not need."""


def load_yaml(content: str, file: str, error: type[UsageError]) -> tuple[yaml.Node | None, Any]:
    """Parse YAML into its node tree, which knows line numbers, and its values; `file` is its name in messages.

    Raises `error` when `content` is not YAML.
    """
    try:
        loader = _Loader(content)
        root = loader.get_single_node()
        return root, None if root is None else loader.construct_document(root)
    except yaml.reader.ReaderError as fault:
        line = content.count("\n", 0, fault.position) + 1
        message = f"{file}:{line}: holds the control character U+{fault.character:04X}"
        raise error(message, "remove it there") from None
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
    """A list of faults in a file, each with its line number."""

    def __init__(self, file: str, root: yaml.Node | None) -> None:
        self.file = file
        self.root = root
        self.lines: list[tuple[int, str]] = []

    def add(self, where: tuple[str | int, ...], message: str) -> None:
        """Add a fault at the path `where` from the root, or at the nearest existing node above it."""
        line = self._line(where)
        path = ""
        for step in where:
            path += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if path else str(step)
        self.lines.append((line, f"{self.file}:{line}: {path + ': ' if path else ''}{message}"))

    def written(self, where: tuple[str | int, ...]) -> str | None:
        """Return the text of the file at a path; None when there is no scalar."""
        node, _ = self._find(where)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def in_order(self) -> str:
        """Return all faults in file order, one per line."""
        return "\n".join(text for _, text in sorted(self.lines))

    def repeated_keys(self) -> None:
        """Add a fault for each key that is written twice, of which YAML silently keeps the last."""
        stack = [self.root] if self.root else []
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.SequenceNode):
                stack += node.value
            elif isinstance(node, yaml.MappingNode):
                names = set()
                for name, child in node.value:
                    key = str(name.value)
                    if key in names:
                        line = name.start_mark.line + 1
                        self.lines.append((line, f"{self.file}:{line}: {key}: written twice"))
                    names.add(key)
                    stack.append(child)

    def _line(self, where: tuple[str | int, ...]) -> int:
        return self._find(where)[1]

    def _find(self, where: tuple[str | int, ...]) -> tuple[yaml.Node | None, int]:
        """Return the node at a path and its line, or None and the line of the nearest node above."""
        node, line = self.root, 1
        for step in where:
            line = node.start_mark.line + 1 if node else line
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            elif isinstance(node, yaml.MappingNode):
                children = [(name, child) for name, child in node.value if str(name.value) == str(step)]
                if not children:
                    return None, line
                line, node = children[0][0].start_mark.line + 1, children[0][1]
            else:
                return None, line
        return node, line
