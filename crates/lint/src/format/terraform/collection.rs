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

/// The text of an expression that is wholly literal, also where it is put together.
pub(super) fn constant(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Template(pieces) => {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Literal(literal) => text.push_str(literal),
                    Piece::Value(value) => text.push_str(&constant(value)?),
                    Piece::Unknown => return None,
                }
            }
            Some(text)
        }
        Kind::Plain(plain) if plain != "null" => Some(plain.clone()),
        _ => None,
    }
}

fn set(items: Vec<Expression>) -> Option<Collection> {
    let named = items.into_iter().map(|item| Some((constant(&item)?, item)));
    let mut named: Vec<_> = named.collect::<Option<_>>()?;
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    named.dedup_by(|(one, _), (other, _)| one == other);
    let items = named.into_iter().map(|(_, item)| item);
    Some(Collection::Set(items.collect()))
}

/// An object; of two entries of one name the later counts.
fn object(entries: Vec<Entry>) -> Option<Collection> {
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
    ///
    /// A list of lists is one for [`flatten`](Self::of_call) too.
    pub(super) fn of(kind: Kind, inner: &impl Fn(&Expression) -> Option<Self>) -> Option<Self> {
        match kind {
            Kind::List(items) => Some(Self::List(items)),
            Kind::Object(entries) => object(entries),
            Kind::Template(pieces) => match pieces.as_slice() {
                [Piece::Value(value)] => inner(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a function makes of collections.
    pub(super) fn of_call(name: &str, arguments: Vec<Self>) -> Option<Self> {
        if matches!(name, "concat" | "merge") {
            return Self::put_together(name, arguments);
        }
        let mut arguments = arguments.into_iter();
        let (Some(only), None) = (arguments.next(), arguments.next()) else {
            return None;
        };
        match (name, only) {
            ("toset", Self::List(items) | Self::Set(items)) => set(items),
            ("distinct", list) => list.distinct(),
            ("tolist", Self::List(items) | Self::Set(items)) => Some(Self::List(items)),
            ("sort", Self::List(mut items) | Self::Set(mut items)) => {
                if items.iter().any(|item| constant(item).is_none()) {
                    return None;
                }
                items.sort_by_key(constant);
                Some(Self::List(items))
            }
            ("compact", Self::List(items)) => {
                if items.iter().any(|item| constant(item).is_none()) {
                    return None;
                }
                let items = items.into_iter();
                let items =
                    items.filter(|item| constant(item).is_some_and(|text| !text.is_empty()));
                Some(Self::List(items.collect()))
            }
            ("flatten", Self::List(items)) => flattened(items).map(Self::List),
            ("tomap", own @ Self::Object(_)) => Some(own),
            ("keys", Self::Object(entries)) => Some(Self::List(entries.iter().map(key).collect())),
            ("values", Self::Object(entries)) => Some(Self::List(
                entries.into_iter().map(|own| own.value).collect(),
            )),
            _ => None,
        }
    }

    fn put_together(name: &str, arguments: Vec<Self>) -> Option<Self> {
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        for argument in arguments {
            match argument {
                Self::List(own) if name == "concat" => items.extend(own),
                Self::Object(own) if name == "merge" => entries.extend(own),
                _ => return None,
            }
        }
        if name == "concat" {
            Some(Self::List(items))
        } else {
            object(entries)
        }
    }

    /// A list with each of its texts once, where it is first.
    fn distinct(self) -> Option<Self> {
        let Self::List(items) = self else {
            return None;
        };
        let mut known = std::collections::HashSet::new();
        let mut once = Vec::new();
        for item in items {
            if known.insert(constant(&item)?) {
                once.push(item);
            }
        }
        Some(Self::List(once))
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
fn key(entry: &Entry) -> Expression {
    let name = entry.name.clone().unwrap_or_default();
    let kind = Kind::Template(vec![Piece::Literal(name)]);
    Expression::new(kind, entry.name_at.clone())
}

/// The items of lists within lists; none where an item may be a list.
fn flattened(items: Vec<Expression>) -> Option<Vec<Expression>> {
    let mut flat = Vec::new();
    for item in items {
        match item.kind {
            Kind::List(inner) => flat.extend(flattened(inner)?),
            Kind::Template(_) | Kind::Plain(_) | Kind::Object(_) => flat.push(item),
            _ => return None,
        }
    }
    Some(flat)
}
