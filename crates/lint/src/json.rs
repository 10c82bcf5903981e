//! The reader of JSON.

use std::ops::Range;

use jsonc_parser::ast::{Object, ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::text::Text;
use crate::tree::{MOST_NESTED, Member, Node, Value};
use crate::written::{Writing, exact, may_hold_a_policy};

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
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let words = words(error.kind());
        Fault::new(error.range().start, format!("not JSON: {words}"))
    })?;
    match parsed.value {
        Some(value) => Ok(node(&value, text)),
        None => Err(Fault::new(text.len(), "not JSON: the file is empty")),
    }
}

/// What breaks the grammar, and what is expected.
fn words(kind: &ParseErrorKind) -> String {
    use ParseErrorKind as Kind;
    let words = match kind {
        Kind::CommentsNotAllowed => {
            "JSON has no comments: remove it, or end the name of the file with `.jsonc` if something \
             else takes the comments out"
        }
        Kind::ExpectedColonAfterObjectKey => "`:` is expected behind the name of a member",
        Kind::ExpectedObjectValue => "a value is expected behind `:`",
        Kind::ExpectedComma => "`,` is expected between two members or elements",
        Kind::ExpectedStringObjectProperty | Kind::UnexpectedTokenInObject => {
            "the name of a member is expected here, in double quotes"
        }
        Kind::MultipleRootJsonValues => "something follows the end of the document",
        Kind::SingleQuotedStringsNotAllowed => "a text stands in double quotes, not in single ones",
        Kind::TrailingCommasNotAllowed => {
            "JSON has no comma behind the last member or element: remove it"
        }
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket => {
            "a bracket closes what was not opened"
        }
        Kind::UnexpectedColon
        | Kind::UnexpectedComma
        | Kind::UnexpectedToken
        | Kind::UnexpectedWord => "a value is expected here",
        Kind::UnterminatedArray => "this array is not closed: `]` is missing",
        Kind::UnterminatedObject => "this object is not closed: `}` is missing",
        other => return other.to_string().to_lowercase(),
    };
    words.to_owned()
}

/// Reads all JSON values of a text, one after the other.
///
/// Where a member `Policy` is a text that holds JSON, as in what `get-key-policy` prints, or its member
/// `Content` is one, as in what `organizations describe-policy` prints, it is read as what it holds.
pub(crate) fn read_all(text: &str) -> Result<Vec<Node>, Fault> {
    let mut documents = match read(text, Strictness::Json) {
        Ok(one) => vec![one],
        Err(fault) => read_several(text).ok_or(fault)?,
    };
    for document in &mut documents {
        open_policy(document);
    }
    Ok(documents)
}

/// Several values; none if there are fewer than two, or one of them is at fault.
fn read_several(text: &str) -> Option<Vec<Node>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let (mut documents, mut start) = (Vec::new(), 0);
    while let Some(value) = values.next() {
        value.ok()?;
        let end = values.byte_offset();
        let mut document = read(text.get(start..end)?, Strictness::Json).ok()?;
        document.shift(start);
        documents.push(document);
        start = end;
    }
    (documents.len() > 1).then_some(documents)
}

/// Reads the policy that a text in a document holds: `Policy` of a key, `Policy` with `Content` of an
/// organization.
fn open_policy(document: &mut Node) {
    let Value::Map(members) = &mut document.value else {
        return;
    };
    for member in members.iter_mut().filter(|member| member.name == "Policy") {
        open(&mut member.node);
        if let Value::Map(members) = &mut member.node.value {
            let contents = members.iter_mut().filter(|own| own.name == "Content");
            contents.for_each(|own| open(&mut own.node));
        }
    }
}

/// Reads a text that holds JSON as what it holds, with the places that this has in the file.
fn open(node: &mut Node) {
    if let Value::Text(text) = &node.value
        && let Ok(mut inner) = read(text.as_str(), Strictness::Json)
    {
        inner.move_places(&|at| text.place_of(at));
        *node = inner;
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

fn node(value: &Ast<'_>, text: &str) -> Node {
    let range = value.range();
    let at = range.start..range.end;
    match value {
        Ast::StringLit(literal) => {
            let at = within_quotes(&at);
            Node::new(Value::Text(string(&literal.value, text, &at)), at)
        }
        Ast::NumberLit(literal) => Node::new(Value::Plain(literal.value.to_owned()), at),
        Ast::BooleanLit(literal) => Node::new(Value::Plain(literal.value.to_string()), at),
        Ast::NullKeyword(_) => Node::new(Value::Plain("null".to_owned()), at),
        Ast::Array(array) => Node::new(
            Value::List(array.elements.iter().map(|own| node(own, text)).collect()),
            at,
        ),
        Ast::Object(object) => Node::new(Value::Map(members(object, text)), at),
    }
}

fn members(object: &Object<'_>, text: &str) -> Vec<Member> {
    let member = |property: &jsonc_parser::ast::ObjectProp<'_>| {
        let range = property.name.range();
        let name_at = match property.name {
            ObjectPropName::String(_) => within_quotes(&(range.start..range.end)),
            ObjectPropName::Word(_) => range.start..range.end,
        };
        Member {
            name: property.name.as_str().to_owned(),
            name_at,
            node: node(&property.value, text),
        }
    };
    object.properties.iter().map(member).collect()
}

fn string(value: &str, text: &str, at: &Range<usize>) -> Text {
    let exact = may_hold_a_policy(value)
        .then(|| exact(value, text, at.clone(), Writing::Escaped))
        .flatten();
    exact.unwrap_or_else(|| Text::literal(value, at.clone()))
}

const fn within_quotes(at: &Range<usize>) -> Range<usize> {
    at.start.saturating_add(1)..at.end.saturating_sub(1)
}
