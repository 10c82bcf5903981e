//! Addresses of resources, and references to them.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::instance::Kind;

/// A name in an address, and its index as it is written: `0`, `"a"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) name: &'a str,
    pub(super) index: Option<&'a str>,
}

/// The segments of an address: it is split at each dot outside of brackets and quotes.
pub(super) fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let (mut start, mut depth, mut is_quoted, mut is_escaped) = (0_usize, 0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'[' => depth = depth.saturating_add(1),
            b']' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => {
                segments.push(segment(text.get(start..at).unwrap_or_default()));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    segments.push(segment(text.get(start..).unwrap_or_default()));
    segments
}

fn segment(text: &str) -> Segment<'_> {
    match text.split_once('[') {
        Some((name, rest)) => Segment {
            name,
            index: Some(rest.strip_suffix(']').unwrap_or(rest)),
        },
        None => Segment {
            name: text,
            index: None,
        },
    }
}

/// What an address or a reference names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address<'a> {
    /// The modules on the way, by name and index.
    pub(super) modules: Vec<Segment<'a>>,
    /// `TYPE.NAME`, or `data.TYPE.NAME`; empty where a module is named.
    pub(super) resource: String,
    pub(super) index: Option<&'a str>,
    /// The first attribute after the resource, or the output after the module.
    pub(super) attribute: Option<&'a str>,
}

impl<'a> Address<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        Self::of(&segments(text))
    }

    pub(super) fn of(segments: &[Segment<'a>]) -> Self {
        let mut address = Self::default();
        let mut rest = segments.iter();
        let mut next = rest.next();
        while let Some(Segment { name: "module", .. }) = next {
            if let Some(module) = rest.next() {
                address.modules.push(*module);
            }
            next = rest.next();
        }
        let Some(first) = next else {
            return address;
        };
        let kind = if first.name == "data" {
            rest.next().map(|kind| ("data.", kind.name))
        } else {
            Some(("", first.name))
        };
        match (kind, rest.next()) {
            (Some((mode, kind)), Some(name)) => {
                address.resource = [mode, kind, ".", name.name].concat();
                address.index = name.index;
                address.attribute = rest.next().map(|segment| segment.name);
            }
            // An output of a module.
            _ => address.attribute = Some(first.name),
        }
        address
    }

    /// The address of the module instance that the resource is in; empty for the root.
    pub(super) fn module_instance(&self) -> String {
        let modules = self.modules.iter();
        let modules = modules.map(|module| match module.index {
            Some(index) => ["module.", module.name, "[", index, "]"].concat(),
            None => ["module.", module.name].concat(),
        });
        modules.collect::<Vec<_>>().join(".")
    }

    /// The path of the module in the configuration: no index is in it.
    pub(super) fn module_path(&self) -> String {
        let modules = self.modules.iter();
        let modules = modules.map(|module| ["module.", module.name].concat());
        modules.collect::<Vec<_>>().join(".")
    }

    /// The path of the resource in the configuration.
    pub(super) fn path(&self) -> String {
        join(&self.module_path(), &self.resource)
    }
}

/// An address below a module, which may be the root.
pub(super) fn join(module: &str, rest: &str) -> String {
    if module.is_empty() {
        rest.to_string()
    } else {
        [module, ".", rest].concat()
    }
}

/// The references that are not the beginning of another one: Terraform lists `a.b.c`, then `a.b`.
pub(super) fn longest<'r>(references: &'r [String]) -> Vec<&'r str> {
    let is_prefix = |short: &str, long: &str| {
        long.len() > short.len()
            && long
                .strip_prefix(short)
                .is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    // A list has the beginnings of a reference right behind it.
    const NEAR: usize = 64;
    let mut kept: Vec<&'r str> = Vec::new();
    for reference in references {
        let mut near = kept.iter().rev().take(NEAR);
        if near.any(|long| is_prefix(reference, long) || *long == reference) {
            continue;
        }
        if kept.last().is_some_and(|short| is_prefix(short, reference)) {
            kept.pop();
        }
        kept.push(reference);
    }
    kept
}

/// A text that is a reference to a resource and no ID: some tools write it so.
pub(super) fn reference_text(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'));
    let text = inner.unwrap_or(text).trim();
    let address = Address::parse(text);
    let first = segments(text)
        .first()
        .map(|segment| segment.name.to_string());
    let is_known = first.is_some_and(|first| {
        Kind::of(&first).is_some() || ["data", "module", "var", "local"].contains(&&*first)
    });
    let names_something = !address.resource.is_empty() || !address.modules.is_empty();
    (is_known && names_something && text.contains('.')).then(|| text.to_owned())
}

/// Whether a reference names a resource or a module at an index.
pub(super) fn has_index(reference: &str) -> bool {
    let address = Address::parse(reference);
    address.index.is_some() || address.modules.iter().any(|it| it.index.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_outside_of_quotes_and_brackets() {
        let text = r#"module.a["x.y"].module.b[0].data.aws_kms_key.k["\"].z"].arn"#;
        let address = Address::parse(text);
        assert_eq!(address.module_instance(), r#"module.a["x.y"].module.b[0]"#);
        assert_eq!(address.path(), "module.a.module.b.data.aws_kms_key.k");
        assert_eq!(address.index, Some(r#""\"].z""#));
        assert_eq!(address.attribute, Some("arn"));
        let output = Address::parse("module.a[0].key_id");
        assert_eq!(
            (output.resource.as_str(), output.attribute),
            ("", Some("key_id"))
        );
        assert_eq!(Address::parse("module.a").attribute, None);
    }

    #[test]
    fn beginnings_of_other_references_are_left_out() {
        let references = ["a.b.c", "a.b", "a", "a.bc", "x[0].y", "x[0]", "x"].map(String::from);
        assert_eq!(longest(&references), ["a.b.c", "a.bc", "x[0].y"]);
    }
}
