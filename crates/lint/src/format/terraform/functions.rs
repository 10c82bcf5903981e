//! The functions of Terraform that make lists, sets and objects of such.

use super::collection::{Collection, key, object};
use super::expression::{EXPANDED, Entry, Expression, Kind, Piece};
use super::loops::Loops;
use super::trail::Trail;

/// Those that [`Loops::made_by`] knows, apart from sets, which stay as they are written.
const MAKING: &[&str] = &[
    "compact",
    "concat",
    "distinct",
    "flatten",
    "formatlist",
    "keys",
    "merge",
    "range",
    "reverse",
    "setproduct",
    "sort",
    "split",
    "tolist",
    "tomap",
    "values",
    "zipmap",
];

/// The longest list that `range` makes here.
const LONGEST_RANGE: i64 = 1024;

impl Collection {
    /// Whether a function makes a list or an object of collections.
    pub(super) fn is_made_by(name: &str) -> bool {
        MAKING.contains(&name.strip_suffix(EXPANDED).unwrap_or(name))
    }

    /// The items of a list or a set.
    fn into_items(self) -> Option<Vec<Expression>> {
        match self {
            Self::List(items) | Self::Set(items) => Some(items),
            Self::Object(_) => None,
        }
    }
}

impl Loops<'_> {
    /// What a function makes of its arguments.
    pub(super) fn made_by(
        &self,
        name: &str,
        arguments: &[Expression],
        trail: Trail<'_>,
    ) -> Option<Collection> {
        match (name, arguments) {
            ("formatlist", [format, lists @ ..]) => self.formatted(format, lists, trail),
            ("split", [separator, text]) => self.split(separator, text, trail),
            ("range", [_, ..]) => self.range(arguments, trail),
            ("try" | "sensitive" | "nonsensitive", [first, ..]) => self.collection(first, trail),
            _ => {
                let own = name.strip_suffix(EXPANDED);
                let known = arguments.iter();
                let known = known.map(|argument| self.collection(argument, trail));
                let mut known: Vec<_> = known.collect::<Option<_>>()?;
                if own.is_some() {
                    let expanded = known.pop()?.into_items()?;
                    let expanded = expanded.iter().map(|own| self.collection(own, trail));
                    known.extend(expanded.collect::<Option<Vec<_>>>()?);
                }
                self.made_of(own.unwrap_or(name), known, trail)
            }
        }
    }

    fn made_of(
        &self,
        name: &str,
        arguments: Vec<Collection>,
        trail: Trail<'_>,
    ) -> Option<Collection> {
        match name {
            "concat" => {
                let lists = arguments.into_iter().map(|own| match own {
                    Collection::List(items) => Some(items),
                    _ => None,
                });
                let lists: Vec<_> = lists.collect::<Option<_>>()?;
                return Some(Collection::List(lists.into_iter().flatten().collect()));
            }
            "merge" => {
                let objects = arguments.into_iter().map(|own| match own {
                    Collection::Object(entries) => Some(entries),
                    _ => None,
                });
                let objects: Vec<_> = objects.collect::<Option<_>>()?;
                return object(objects.into_iter().flatten().collect());
            }
            "setproduct" => return product(arguments, trail),
            _ => {}
        }
        let mut arguments = arguments.into_iter();
        match (name, arguments.next()?, arguments.next()) {
            ("zipmap", keys, Some(values)) => {
                self.zipped(keys.into_items()?, values.into_items()?, trail)
            }
            ("tomap", own @ Collection::Object(_), None) => Some(own),
            ("keys", Collection::Object(entries), None) => {
                Some(Collection::List(entries.iter().map(key).collect()))
            }
            ("values", Collection::Object(entries), None) => Some(Collection::List(
                entries.into_iter().map(|own| own.value).collect(),
            )),
            (_, own, None) => self.made_of_items(name, own.into_items()?, trail),
            _ => None,
        }
    }

    /// What a function makes of the items of a list or a set.
    fn made_of_items(
        &self,
        name: &str,
        mut items: Vec<Expression>,
        trail: Trail<'_>,
    ) -> Option<Collection> {
        match name {
            "tolist" => return Some(Collection::List(items)),
            "reverse" => {
                items.reverse();
                return Some(Collection::List(items));
            }
            "flatten" => {
                let mut flat = Vec::new();
                self.flatten(items, &mut flat, trail)?;
                return Some(Collection::List(flat));
            }
            _ => {}
        }
        let named = items
            .into_iter()
            .map(|item| Some((self.constant(&item, trail)?, item)));
        let mut named: Vec<_> = named.collect::<Option<_>>()?;
        match name {
            "toset" | "sort" => named.sort_by(|(one, _), (other, _)| one.cmp(other)),
            "compact" => named.retain(|(text, _)| !text.is_empty()),
            "distinct" => {
                let mut known = std::collections::HashSet::new();
                named.retain(|(text, _)| known.insert(text.clone()));
            }
            _ => return None,
        }
        if name == "toset" {
            named.dedup_by(|(one, _), (other, _)| one == other);
        }
        let items = named.into_iter().map(|(_, item)| item).collect();
        Some(if name == "toset" {
            Collection::Set(items)
        } else {
            Collection::List(items)
        })
    }

    /// The items of lists within lists; none where an item may be a list.
    fn flatten(
        &self,
        items: Vec<Expression>,
        flat: &mut Vec<Expression>,
        trail: Trail<'_>,
    ) -> Option<()> {
        for item in items {
            match item.kind {
                Kind::List(inner) => self.flatten(inner, flat, trail.further()?)?,
                Kind::Template(_) | Kind::Plain(_) | Kind::Object(_) => flat.push(item),
                _ if self.constant(&item, trail).is_some() => flat.push(item),
                _ => match self.collection(&item, trail)? {
                    Collection::Object(_) => flat.push(item),
                    lists => self.flatten(lists.into_items()?, flat, trail.further()?)?,
                },
            }
        }
        Some(())
    }

    /// An object of two lists; of two entries of one name the later counts.
    fn zipped(
        &self,
        keys: Vec<Expression>,
        values: Vec<Expression>,
        trail: Trail<'_>,
    ) -> Option<Collection> {
        if keys.len() != values.len() {
            return None;
        }
        let entry = |(key, value): (Expression, Expression)| {
            Some(Entry {
                name: Some(self.constant(&key, trail)?),
                name_at: key.at,
                key: None,
                value,
            })
        };
        object(
            keys.into_iter()
                .zip(values)
                .map(entry)
                .collect::<Option<_>>()?,
        )
    }

    /// A `format` for each item of the lists, which are of one length.
    fn formatted(
        &self,
        format: &Expression,
        lists: &[Expression],
        trail: Trail<'_>,
    ) -> Option<Collection> {
        let columns = lists.iter().map(|list| match self.collection(list, trail) {
            Some(known) => known.into_items(),
            None => self.constant(list, trail).map(|_| vec![list.clone()]),
        });
        let columns: Vec<_> = columns.collect::<Option<_>>()?;
        let length = columns.iter().map(Vec::len).find(|length| *length != 1);
        let length = length.unwrap_or_else(|| usize::from(!columns.is_empty()));
        if !trail.can_take(length.saturating_mul(lists.len())) {
            return None;
        }
        let row = |index: usize| {
            let of_row = |column: &Vec<Expression>| match column.as_slice() {
                [only] => Some(only.clone()),
                items => items.get(index).cloned(),
            };
            let row = columns.iter().map(of_row);
            let row = [Some(format.clone())].into_iter().chain(row);
            let call = Kind::Call("format".to_owned(), row.collect::<Option<_>>()?);
            Some(Expression::new(call, format.at.clone()))
        };
        if columns
            .iter()
            .any(|column| ![1, length].contains(&column.len()))
        {
            return None;
        }
        Some(Collection::List(
            (0..length).map(row).collect::<Option<_>>()?,
        ))
    }

    /// The parts of a text, all at the place of the text.
    fn split(
        &self,
        separator: &Expression,
        text: &Expression,
        trail: Trail<'_>,
    ) -> Option<Collection> {
        let (between, whole) = (
            self.constant(separator, trail)?,
            self.constant(text, trail)?,
        );
        if between.is_empty() || !trail.can_hold(&whole) {
            return None;
        }
        let part = |part: &str| {
            let kind = Kind::Template(vec![Piece::Literal(part.to_owned())]);
            Expression::new(kind, text.at.clone())
        };
        Some(Collection::List(
            whole.split(between.as_str()).map(part).collect(),
        ))
    }

    /// Whole numbers, to a lower one downwards.
    fn range(&self, arguments: &[Expression], trail: Trail<'_>) -> Option<Collection> {
        let numbers = arguments
            .iter()
            .map(|own| self.constant(own, trail)?.parse::<i64>().ok());
        let numbers: Vec<_> = numbers.collect::<Option<_>>()?;
        let towards = |from: i64, to: i64| if to < from { -1 } else { 1 };
        let (from, to, step) = match *numbers.as_slice() {
            [to] => (0, to, towards(0, to)),
            [from, to] => (from, to, towards(from, to)),
            [from, to, step] => (from, to, step),
            _ => return None,
        };
        let steps = to.checked_sub(from)?.checked_div(step)?;
        if !(0..LONGEST_RANGE).contains(&steps) {
            return None;
        }
        let at = arguments.first()?.at.clone();
        let number = std::iter::successors(Some(from), |own| own.checked_add(step));
        let number = number.take_while(|own| if step < 0 { *own > to } else { *own < to });
        let number = number.map(|own| Expression::new(Kind::Plain(own.to_string()), at.clone()));
        Some(Collection::List(number.collect()))
    }
}

/// Each way to take one item of each list, as a list.
fn product(arguments: Vec<Collection>, trail: Trail<'_>) -> Option<Collection> {
    if arguments.len() < 2 {
        return None;
    }
    let mut rows: Vec<Vec<Expression>> = vec![Vec::new()];
    for argument in arguments {
        let items = argument.into_items()?;
        let count = rows.len().checked_mul(items.len())?;
        let width = rows.first().map_or(0, Vec::len).saturating_add(1);
        if !trail.can_take(count.checked_mul(width)?) {
            return None;
        }
        let mut longer = Vec::with_capacity(count);
        for row in rows {
            for item in &items {
                let row = row.iter().chain([item]);
                longer.push(row.cloned().collect());
            }
        }
        rows = longer;
    }
    let row = |row: Vec<Expression>| {
        let at = row.first().map_or(0..0, |first| first.at.clone());
        Expression::new(Kind::List(row), at)
    };
    Some(Collection::List(rows.into_iter().map(row).collect()))
}
