//! What an expression and a block of Terraform are, whichever syntax they are written in.

use std::ops::Range;

use crate::tree::Node;

/// An expression with its place.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    /// The bytes that it is written with; of a text the content, without quotes.
    pub(crate) at: Range<usize>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A text, in pieces.
    Template(Vec<Piece>),
    /// A heredoc that holds a JSON document, beside its text.
    Document(Vec<Piece>, Box<Node>),
    List(Vec<Expression>),
    Object(Vec<Entry>),
    /// A reference such as `aws_kms_key.k["a"].arn`, in parts; an index is `["a"]`, `[0]`,
    /// `[each.key]` or, of another form, `[…]`, a splat `[*]`.
    Reference(Vec<String>),
    /// A function by its name, or an operator by its sign.
    Call(String, Vec<Expression>),
    /// A condition and its two values.
    Conditional(Box<[Expression; 3]>),
    /// A loop. No loop is left where expressions are judged.
    For(Box<For>),
    /// A number, a boolean or null.
    Plain(String),
    /// A member that its object does not have, which is an error.
    Absent,
    Unknown,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) key_variable: Option<String>,
    pub(crate) variable: String,
    pub(crate) collection: Expression,
    /// The name of each entry, where it makes an object.
    pub(crate) key: Option<Expression>,
    pub(crate) value: Expression,
    /// What has to be true of an item.
    pub(crate) filter: Option<Expression>,
    /// Whether the values of one name are a list.
    pub(crate) is_grouping: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Literal(String),
    Value(Expression),
    Unknown,
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// None for a name that is not known.
    pub(crate) name: Option<String>,
    pub(crate) name_at: Range<usize>,
    /// What the name is put together of, as long as it is not known.
    pub(crate) key: Option<Expression>,
    pub(crate) value: Expression,
}

/// The kind of the block that holds the values of a file such as `terraform.tfvars`, labelled with
/// the name of the file.
pub(crate) const VARIABLES: &str = "tfvars";

/// The index `count.index` as a part of a reference.
pub(crate) const COUNT_INDEX: &str = "[count.index]";

/// The end of the name of a call whose last argument is a list of arguments.
pub(crate) const EXPANDED: &str = "...";

/// A block such as `resource "aws_kms_alias" "a" { ... }`.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) at: Range<usize>,
    pub(crate) kind: String,
    pub(crate) labels: Vec<String>,
    pub(crate) attributes: Vec<(String, Expression)>,
    /// The variables that decide whether it is there, which may rule out that a default of theirs is used.
    pub(crate) tested: Vec<String>,
    pub(crate) blocks: Vec<Self>,
}

impl Expression {
    pub(crate) const fn new(kind: Kind, at: Range<usize>) -> Self {
        Self { at, kind }
    }

    /// A text that is one literal.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.kind {
            Kind::Template(pieces) | Kind::Document(pieces, _) => match pieces.as_slice() {
                [] => Some(""),
                [Piece::Literal(text)] => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A reference, whether or not it stands in `"${...}"`.
    pub(crate) fn reference(&self) -> Option<Vec<&str>> {
        match &self.kind {
            Kind::Reference(parts) => Some(parts.iter().map(String::as_str).collect()),
            Kind::Template(pieces) => match pieces.as_slice() {
                [Piece::Value(value)] => value.reference(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Expression {
    /// The expressions that it is made of.
    pub(super) fn parts<'s>(&'s self) -> Vec<&'s Self> {
        match &self.kind {
            Kind::Template(pieces) | Kind::Document(pieces, _) => {
                let value = |piece: &'s Piece| match piece {
                    Piece::Value(value) => Some(value),
                    Piece::Literal(_) | Piece::Unknown => None,
                };
                pieces.iter().filter_map(value).collect()
            }
            Kind::List(items) | Kind::Call(_, items) => items.iter().collect(),
            Kind::Object(entries) => {
                let parts = entries
                    .iter()
                    .flat_map(|own| own.key.iter().chain([&own.value]));
                parts.collect()
            }
            Kind::Conditional(parts) => parts.iter().collect(),
            Kind::For(own) => {
                let both = [&own.collection, &own.value];
                both.into_iter()
                    .chain(&own.key)
                    .chain(&own.filter)
                    .collect()
            }
            Kind::Reference(_) | Kind::Plain(_) | Kind::Absent | Kind::Unknown => Vec::new(),
        }
    }

    /// The same, to change them.
    pub(super) fn parts_mut<'s>(&'s mut self) -> std::vec::IntoIter<&'s mut Self> {
        let parts: Vec<&mut Self> = match &mut self.kind {
            Kind::Template(pieces) | Kind::Document(pieces, _) => {
                let value = |piece: &'s mut Piece| match piece {
                    Piece::Value(value) => Some(value),
                    Piece::Literal(_) | Piece::Unknown => None,
                };
                pieces.iter_mut().filter_map(value).collect()
            }
            Kind::List(items) | Kind::Call(_, items) => items.iter_mut().collect(),
            Kind::Object(entries) => {
                let parts = entries
                    .iter_mut()
                    .flat_map(|own| own.key.iter_mut().chain([&mut own.value]));
                parts.collect()
            }
            Kind::Conditional(parts) => parts.iter_mut().collect(),
            Kind::For(own) => {
                let For {
                    collection,
                    key,
                    value,
                    filter,
                    ..
                } = &mut **own;
                let both = [collection, value].into_iter();
                both.chain(key).chain(filter).collect()
            }
            Kind::Reference(_) | Kind::Plain(_) | Kind::Absent | Kind::Unknown => Vec::new(),
        };
        parts.into_iter()
    }
}

/// A number, a boolean or null as Terraform has it in a text: `1.0` and `1e0` are `1`.
pub(super) fn plain(written: &str) -> String {
    let is_whole = written
        .trim_start_matches('-')
        .bytes()
        .all(|own| own.is_ascii_digit());
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() && !is_whole => number.to_string(),
        _ => written.to_owned(),
    }
}

/// The names behind `var.` in an expression as it is written.
pub(super) fn variables_in(text: &str) -> Vec<String> {
    let after = text.split("var.").skip(1);
    let is_part = |character: char| character.is_alphanumeric() || "_-".contains(character);
    let name = |rest: &str| rest.chars().take_while(|own| is_part(*own)).collect();
    after.map(name).collect()
}

impl Block {
    /// Whether it is a file of values of variables.
    pub(crate) fn is_of_values(&self) -> bool {
        self.kind == VARIABLES
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Expression> {
        let mut attributes = self.attributes.iter();
        attributes.find_map(|(own, value)| (own == name).then_some(value))
    }

    pub(crate) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }

    pub(crate) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Self> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}
