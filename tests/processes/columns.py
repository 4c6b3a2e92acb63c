"""Which columns a file of compiled code reads and writes, and which draws it takes, by its code."""

import ast
from collections import defaultdict

from velfaerd_sim import randomness
from velfaerd_sim.population.schema import ENTITIES

# The names that kernels use for the rows of an entity, and for one of them.
NAMES = {
    "municipalities": ("towns", "town"),
    "departments": ("departments", "dep"),
    "staff": ("staff",),
    "initiatives": ("initiatives", "own_initiatives", "ini"),
    "volunteers": ("volunteers", "vol"),
    "participations": ("participations", "part"),
    "citizens": ("citizens",),
}
BUNDLES = ("population", "office", "people")
ENTITY = {name: entity for entity, names in NAMES.items() for name in names}
COLUMNS = {entity: {column.name for column in columns} for entity, columns in ENTITIES.items()}
DRAWS = {
    name
    for name, value in vars(randomness).items()
    if name.isupper() and isinstance(value, int) and not name.startswith("_")
}


class Uses(ast.NodeVisitor):
    """Columns that one function reads and writes: sets of (entity, column)."""

    def __init__(self):
        self.reads, self.writes = set(), set()
        self.rows = dict(ENTITY)  # local name -> entity
        self.arrays = {}  # local name -> column of which it is a part

    def entity(self, node):
        """The entity of whose rows an expression is a part: by a name, or people.NAME."""
        while isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            bundle = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            return ENTITY.get(node.attr) if bundle in BUNDLES else None
        return self.rows.get(node.id) if isinstance(node, ast.Name) else None

    def column(self, node):
        """The (entity, column) that an expression stands for, or None."""
        while isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            return self.arrays.get(node.id)
        if isinstance(node, ast.Attribute):
            entity = self.entity(node.value)
            if entity and node.attr in COLUMNS[entity]:
                return entity, node.attr
        return None

    def bind(self, target, value):
        """Note a local name that stands for a row or for a part of a column."""
        if not isinstance(target, ast.Name):
            return False
        part = value.slice if isinstance(value, ast.Subscript) else None
        if self.entity(value) and isinstance(value, ast.Subscript | ast.Attribute):
            self.rows[target.id] = self.entity(value)
            if isinstance(value, ast.Subscript):
                self.visit(value.slice)
            return True
        if isinstance(part, ast.Slice) and self.column(value):
            self.arrays[target.id] = self.column(value)
            return True
        self.rows.pop(target.id, None)
        self.arrays.pop(target.id, None)
        return False

    def visit_Assign(self, node):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for one, value in pairs:
                if not self.bind(one, value):
                    self.visit(value)
                    self.store(one)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        self.store(node.target)
        self.load(node.target)

    def store(self, node):
        if isinstance(node, ast.Subscript):
            self.visit(node.slice)
        if self.column(node):
            self.writes.add(self.column(node))

    def load(self, node):
        if self.column(node):
            self.reads.add(self.column(node))

    def visit_Name(self, node):
        self.load(node)

    def visit_Attribute(self, node):
        self.load(node)
        self.generic_visit(node)


def uses_of(path):
    """What a file's functions read and write, as {entity: columns}, and the draws they take."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reads, writes = defaultdict(set), defaultdict(set)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        uses = Uses()
        for statement in function.body:
            uses.visit(statement)
        for found, kept in ((uses.reads, reads), (uses.writes, writes)):
            for entity, column in found:
                kept[entity].add(column)
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in DRAWS}
    return dict(reads), dict(writes), taken
