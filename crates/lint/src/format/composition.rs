//! The objects that a Composition of Crossplane makes, by itself or by `function-patch-and-transform`.
//!
//! A patch writes into an object what only a run knows: the field that it writes to is not judged. Nor
//! is the name in the metadata, which Crossplane replaces by one that it makes.

use crate::tree::{Member, Node, Value};

/// The objects of a Composition; those that have patches of a kind that is not known are passed over.
pub(super) fn objects(composition: &Node) -> Vec<Node> {
    let own = composition.member("spec");
    let steps = composition.path(&["spec", "pipeline"]).into_iter();
    let steps = steps.flat_map(Node::items);
    let inputs = steps.filter_map(|step| step.member("input"));
    own.into_iter()
        .chain(inputs)
        .flat_map(of_template)
        .collect()
}

/// The objects of what holds `resources`, and perhaps `patchSets`.
fn of_template(template: &Node) -> Vec<Node> {
    let sets = template.member("patchSets").map_or(&[][..], Node::items);
    let resources = template.member("resources").map_or(&[][..], Node::items);
    let object = |resource: &Node| {
        let mut object = resource.member("base")?.clone();
        forget(&mut object, &["metadata", "name"].map(str::to_owned));
        let patches = resource.member("patches").map_or(&[][..], Node::items);
        for path in written(patches, sets)? {
            forget(&mut object, &path);
        }
        Some(object)
    };
    resources.iter().filter_map(object).collect()
}

/// The paths that patches write to in an object; none where they are not known.
fn written(patches: &[Node], sets: &[Node]) -> Option<Vec<Vec<String>>> {
    let mut paths = Vec::new();
    for patch in patches {
        let kind = match patch.member("type") {
            None => "FromCompositeFieldPath",
            Some(kind) => kind.literal()?,
        };
        match kind {
            "PatchSet" => {
                let name = patch.member("patchSetName")?.literal()?;
                let is_it = |set: &&Node| set.member("name").and_then(Node::literal) == Some(name);
                let set = sets.iter().find(is_it)?.member("patches")?;
                // A set holds no other set.
                paths.extend(written(set.items(), &[])?);
            }
            "FromCompositeFieldPath"
            | "FromEnvironmentFieldPath"
            | "CombineFromComposite"
            | "CombineFromEnvironment" => {
                let path = patch.member("toFieldPath");
                let path = path.or_else(|| patch.member("fromFieldPath"))?.literal()?;
                paths.push(segments(path)?);
            }
            "ToCompositeFieldPath"
            | "ToEnvironmentFieldPath"
            | "CombineToComposite"
            | "CombineToEnvironment" => {}
            _ => return None,
        }
    }
    Some(paths)
}

/// The parts of a path such as `metadata.annotations[crossplane.io/external-name]`; none where a
/// placeholder of a tool is among them.
fn segments(path: &str) -> Option<Vec<String>> {
    if path.contains(['{', '$']) {
        return None;
    }
    let (mut segments, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        let (segment, after) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']')?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        segments.push(segment.trim_matches(['"', '\'']).to_owned());
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Some(segments)
}

/// Makes what a path leads to unknown; it is there then, if it was not.
fn forget(node: &mut Node, path: &[String]) {
    let Some((first, rest)) = path.split_first() else {
        node.value = Value::Unknown;
        return;
    };
    let Value::Map(members) = &mut node.value else {
        node.value = Value::Unknown;
        return;
    };
    if first == "*" {
        node.value = Value::Unknown;
        return;
    }
    if !members.iter().any(|member| &member.name == first) {
        members.push(Member {
            name: first.clone(),
            name_at: node.at.clone(),
            node: Node::new(Value::Map(Vec::new()), node.at.clone()),
        });
    }
    let same = members.iter_mut().filter(|member| &member.name == first);
    same.for_each(|member| forget(&mut member.node, rest));
}
