//! The reader of JSON.

use std::ops::Range;

use jsonc_parser::ast::{Object, ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::text::Text;
use crate::tree::{MOST_NESTED, Member, Node, Value};

/// Why a text could not be read, and the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) reason: String,
}

impl Fault {
    pub(crate) fn new(at: usize, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { at, reason }
    }

    pub(crate) fn too_deep(at: usize) -> Self {
        let reason = format!(
            "nested more than {MOST_NESTED} levels deep: nothing that CloudFormation, Kubernetes, \
             Terraform or IAM takes is, so the file is not checked"
        );
        Self::new(at, reason)
    }
}

/// How strictly a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// As RFC 8259 has it.
    Json,
    /// With the comments and trailing commas that configuration files of editors have.
    WithComments,
}

/// Reads one JSON value.
pub(crate) fn read(text: &str, strictness: Strictness) -> Result<Node, Fault> {
    check_depth(text)?;
    let loose = strictness == Strictness::WithComments;
    let options = ParseOptions {
        allow_comments: loose,
        allow_loose_object_property_names: loose,
        allow_trailing_commas: loose,
        allow_missing_commas: false,
        allow_single_quoted_strings: loose,
        allow_hexadecimal_numbers: loose,
        allow_unary_plus_numbers: loose,
        allow_bare_decimal_point_numbers: loose,
        allow_non_finite_numbers: loose,
        allow_extended_string_escapes: loose,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
        .map_err(|error| Fault::new(error.range().start, format!("not JSON: {}", error.kind())))?;
    match parsed.value {
        Some(value) => Ok(node(&value)),
        None => Err(Fault::new(text.len(), "not JSON: the file is empty")),
    }
}

/// Bounds the depth before the parser, which recurses, sees the text.
fn check_depth(text: &str) -> Result<(), Fault> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > MOST_NESTED {
                    return Err(Fault::too_deep(at));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

fn node(value: &Ast<'_>) -> Node {
    let range = value.range();
    let at = range.start..range.end;
    match value {
        Ast::StringLit(literal) => {
            let at = within_quotes(&at);
            Node::new(Value::Text(Text::literal(&literal.value, at.clone())), at)
        }
        Ast::NumberLit(literal) => Node::new(Value::Plain(literal.value.to_owned()), at),
        Ast::BooleanLit(literal) => Node::new(Value::Plain(literal.value.to_string()), at),
        Ast::NullKeyword(_) => Node::new(Value::Plain("null".to_owned()), at),
        Ast::Array(array) => Node::new(Value::List(array.elements.iter().map(node).collect()), at),
        Ast::Object(object) => Node::new(Value::Map(members(object)), at),
    }
}

fn members(object: &Object<'_>) -> Vec<Member> {
    let member = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let range = property.name.range();
        let name_at = match property.name {
            ObjectPropName::String(_) => within_quotes(&(range.start..range.end)),
            ObjectPropName::Word(_) => range.start..range.end,
        };
        Member {
            name: property.name.as_str().to_owned(),
            name_at,
            node: node(&property.value),
        }
    };
    object.properties.iter().map(member).collect()
}

const fn within_quotes(at: &Range<usize>) -> Range<usize> {
    at.start.saturating_add(1)..at.end.saturating_sub(1)
}
