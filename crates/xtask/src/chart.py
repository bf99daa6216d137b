"""Renders the chart in every value set, holds what comes out to the schemas of Kubernetes, and expects bad values to be refused.

Arguments: the chart's folder; a folder for what was rendered, a JSON list for each value set. Helm's own code renders, bound by
helm-python-sdk. kubernetes-validate has the schemas of the API server itself, so it knows which fields are required, and several
releases of them: the oldest that the chart names and the newest must both take every object.
"""

import json
import pathlib
import sys

import helm_python
import kubernetes_validate
import yaml

RELEASES = ["1.27", "1.30", "1.37"]
# What clusters learn from others; the next check reads these.
FOREIGN = ("cert-manager.io/", "gateway.networking.k8s.io/", "monitoring.coreos.com/")


def over(base, values):
    """Values over others, as Helm merges them."""
    both = isinstance(base, dict) and isinstance(values, dict)
    return {**base, **{key: over(base.get(key), value) for key, value in values.items()}} if both else values


def render(chart, values):
    manifests = chart.render(values, name="samspil", namespace="care", is_install=True)
    texts = [text for path, text in sorted(manifests.items()) if path.endswith(".yaml")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def findings_of(document):
    name = f"{document['kind']} {document['metadata']['name']}"
    if document["apiVersion"].startswith(FOREIGN):
        return
    for release in RELEASES:
        try:
            kubernetes_validate.validate(document, release, strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            yield f"{name}: Kubernetes {release} knows no {document['apiVersion']}"
        except kubernetes_validate.ValidationError as error:
            yield f"{name}: Kubernetes {release}, {'.'.join(map(str, error.path))}: {error.message}"


def dashboard_rules(folder):
    """The dashboard's questions as rules, which promtool can read."""
    panels = json.loads((folder / "files/dashboard.json").read_text())["panels"]
    asked = [target["expr"].replace("$__rate_interval", "5m") for panel in panels for target in panel.get("targets", [])]
    rules = [{"record": f"asked:{number}", "expr": expr} for number, expr in enumerate(asked)]
    return {"groups": [{"name": "dashboard", "rules": rules}]}


def main(folder, out):
    findings, objects = [], 0
    out.mkdir(parents=True, exist_ok=True)
    with helm_python.Chart.load(str(folder)) as chart:
        sets = {path.stem.removesuffix("-values"): yaml.safe_load(path.read_text()) for path in folder.glob("ci/*-values.yaml")}
        for name, values in sorted(sets.items()):
            report = helm_python.lint(str(folder), values, strict=True, kube_version="v1.30.0")
            findings += [f"{name}: {one['path']}: {one['error']}" for one in report["messages"] if one["severity"] > 1]
            findings += [f"{name}: {error}" for error in report["errors"]]
            documents = render(chart, values)
            objects += len(documents)
            findings += [f"{name}: {finding}" for document in documents for finding in findings_of(document)]
            (out / f"{name}.json").write_text(json.dumps(documents, indent=1))
        (out / "dashboard.yaml").write_text(json.dumps(dashboard_rules(folder)))
        refused = yaml.safe_load((folder / "ci/refused.yaml").read_text())
        for case in refused:
            try:
                render(chart, over(sets["minimal"], case["values"]))
            except helm_python.HelmError as error:
                if case["says"] not in str(error):
                    findings.append(f"refused.yaml: {case['why']}: refused without a word of {case['says']!r}: {error}")
            else:
                findings.append(f"refused.yaml: {case['why']}: taken")
    print("\n".join(findings), file=sys.stderr, end="\n" if findings else "")
    print(f"{len(sets)} value sets, {objects} objects, {len(refused)} bad values, {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
