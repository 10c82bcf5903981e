//! Lists, sets and objects that are known, item by item.

use std::ops::Range;

use super::expression::{Entry, Expression, Kind, Piece};

/// What a loop can be over.
pub(super) enum Collection {
    List(Vec<Expression>),
    /// In the order of the texts, each once.
    Set(Vec<Expression>),
    /// In the order of the names, each once.
    Object(Vec<Entry>),
}

/// An object; of two entries of one name the later counts.
pub(super) fn object(entries: Vec<Entry>) -> Option<Collection> {
    if entries.iter().any(|entry| entry.name.is_none()) {
        return None;
    }
    let mut entries = entries;
    entries.reverse();
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    entries.dedup_by(|one, other| one.name == other.name);
    Some(Collection::Object(entries))
}

impl Collection {
    /// A list or object that stands there.
    pub(super) fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::List(items) => Some(Self::List(items)),
            Kind::Object(entries) => object(entries),
            _ => None,
        }
    }

    pub(super) const fn len(&self) -> usize {
        match self {
            Self::List(items) | Self::Set(items) => items.len(),
            Self::Object(entries) => entries.len(),
        }
    }

    /// The key and the value of each turn of a loop.
    pub(super) fn into_turns(self) -> Vec<(Expression, Expression)> {
        match self {
            Self::List(items) => {
                let turn = |(index, item): (usize, Expression)| {
                    let index = Kind::Plain(index.to_string());
                    (Expression::new(index, item.at.clone()), item)
                };
                items.into_iter().enumerate().map(turn).collect()
            }
            Self::Set(items) => items.into_iter().map(|item| (item.clone(), item)).collect(),
            Self::Object(entries) => {
                let turn = |entry: Entry| (key(&entry), entry.value);
                entries.into_iter().map(turn).collect()
            }
        }
    }

    /// The same as an expression.
    pub(super) fn into_kind(self, at: Range<usize>) -> Kind {
        match self {
            Self::List(items) => Kind::List(items),
            Self::Set(items) => {
                let list = Expression::new(Kind::List(items), at);
                Kind::Call("toset".to_owned(), vec![list])
            }
            Self::Object(entries) => Kind::Object(entries),
        }
    }
}

/// The name of an entry as a text.
pub(super) fn key(entry: &Entry) -> Expression {
    let name = entry.name.clone().unwrap_or_default();
    let kind = Kind::Template(vec![Piece::Literal(name)]);
    Expression::new(kind, entry.name_at.clone())
}
