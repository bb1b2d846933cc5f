"""Reading OpenAPI documents, 3.0 and 3.1, into one plain form that two documents can be compared in."""

METHODS = ("get", "put", "post", "delete", "patch")
LIMITS_BELOW = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
LIMITS_ABOVE = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


class Document:
    """A document whose references are followed."""

    def __init__(self, document):
        self.document = document

    def follow(self, node):
        """The node itself, or what it refers to."""
        while isinstance(node, dict) and "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            target = self.document
            for key in node["$ref"].removeprefix("#/").split("/"):
                target = target[key.replace("~1", "/").replace("~0", "~")]
            node = {**target, **beside} if beside else target
        return node

    def operations(self, prefix=""):
        """{(method, path): operation}, with the parameters of the path among those of the operation."""
        found = {}
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", [])
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    parameters = {(p["name"], p["in"]): p for p in
                                  map(self.follow, shared + operation.get("parameters", []))}
                    found[method.upper(), prefix + path] = {**operation, "parameters": parameters}
        return found

    def scopes(self, operation):
        """All scopes that one of the alternatives of the operation names."""
        needed = operation.get("security", self.document.get("security", []))
        return {scope for alternative in needed for scopes in alternative.values() for scope in scopes}

    def schema(self, node):
        """The schema without references, `allOf` and the ways to write `null`: `types`, `null`, `enum`, limits…"""
        reference, node = node.get("$ref"), dict(self.follow(node))
        parts = [self.schema(part) for part in node.pop("allOf", [])]
        for choice in ("oneOf", "anyOf"):
            options = [self.follow(option) for option in node.get(choice, [])]
            others = [option for option in options if option.get("type") != "null"]
            if len(others) < len(options):
                node["nullable"] = True
                node.pop(choice)
                if len(others) == 1:
                    parts.append(self.schema(others[0]))
                elif others:
                    node[choice] = others
        parts.append(self.plain(node))
        return {**self.together(parts), "reference": reference}

    def plain(self, node):
        types = node.get("type", [])
        types = {types} if isinstance(types, str) else set(types)
        enum = node.get("enum", [node["const"]] if "const" in node else None)
        return {
            "types": types - {"null"},
            "null": bool(node.get("nullable")) or "null" in types or (enum is not None and None in enum),
            "enum": None if enum is None else {value for value in enum if value is not None},
            "properties": dict(node.get("properties", {})),
            "required": set(node.get("required", [])),
            "closed": node.get("additionalProperties") is False,
            "items": node.get("items"),
            "alternatives": node.get("oneOf") or node.get("anyOf"),
            "other": {key: node[key] for key in ("format", "pattern", "default", "uniqueItems", "multipleOf",
                                                 *LIMITS_BELOW, *LIMITS_ABOVE) if key in node},
        }

    @staticmethod
    def together(parts):
        """What holds where all the parts hold."""
        whole = parts[-1]
        for part in parts[:-1]:
            whole["types"] = whole["types"] or part["types"]
            whole["null"] = whole["null"] or part["null"]
            whole["enum"] = whole["enum"] if part["enum"] is None else part["enum"]
            whole["properties"] = {**part["properties"], **whole["properties"]}
            whole["required"] |= part["required"]
            whole["closed"] = whole["closed"] or part["closed"]
            whole["items"] = whole["items"] or part["items"]
            whole["alternatives"] = whole["alternatives"] or part["alternatives"]
            whole["other"] = {**part["other"], **whole["other"]}
        return whole
