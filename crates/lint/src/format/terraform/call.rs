//! What the functions of Terraform give, as far as their arguments are known.

use std::cell::RefCell;

use super::evaluate::{Each, Scope, refers};
use super::expression::{Entry, Expression, Kind};
use super::text_functions::{self, CHANGING, Verb};
use super::trail::Trail;
use crate::text::Text;

impl<'a> Scope<'a> {
    pub(super) fn call(
        &self,
        name: &str,
        arguments: &'a [Expression],
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<Text> {
        match (name, arguments) {
            ("join", [separator, list]) => self.joined(separator, list, each, trail),
            ("format", [format, values @ ..]) => self.formatted(format, values, each, trail),
            ("nonsensitive" | "sensitive" | "tostring", [only]) => self.one(only, each, trail),
            (name, [only, others @ ..]) if CHANGING.contains(&name) => {
                let text = self.one(only, each, trail)?;
                let others = others.iter().map(|own| self.known(own, each, trail));
                let others: Vec<_> = others.collect::<Option<_>>()?;
                let changed = text_functions::changed(name, &text, &others)?;
                // What stands elsewhere may be right there.
                let is_same = changed.as_str() == text.as_str();
                Some(if is_same || !refers(only) {
                    changed
                } else {
                    changed.placed(&only.at)
                })
            }
            ("element", [list, index])
                if index.reference().as_deref() == Some(&["count", "index"]) =>
            {
                each?.counted_item(&list.reference()?)
            }
            ("element", [list, index]) => {
                let items = self.items(list, trail)?;
                let index: usize = self.known(index, each, trail)?.parse().ok()?;
                let item = items.get(index.checked_rem(items.len())?)?;
                self.one(item, each, trail)
            }
            ("coalesce" | "try", values) => self.first(name, values, each, trail),
            ("lookup", [map, name, default @ ..]) => {
                let entries = self.entries(map, trail)?;
                let name = self.one(name, each, trail)?;
                let named = |entry: &&Entry| entry.name.as_deref() == Some(name.as_str());
                match entries.iter().find(named) {
                    Some(entry) => self.one(&entry.value, None, trail),
                    None if name.has_holes() => None,
                    None => self.one(default.first()?, each, trail),
                }
            }
            _ => None,
        }
    }

    fn joined(
        &self,
        separator: &'a Expression,
        list: &'a Expression,
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<Text> {
        let items = self.items(list, trail)?;
        let between = separator.literal()?;
        let mut text = Text::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 && !between.is_empty() {
                text.push(between, separator.at.clone());
            }
            text.push_text(&self.piece(item, each, trail));
        }
        Some(if refers(list) {
            text.placed(&list.at)
        } else {
            text
        })
    }

    fn formatted(
        &self,
        format: &'a Expression,
        values: &'a [Expression],
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<Text> {
        let text = RefCell::new(Text::default());
        let mut values = values.iter();
        let literal = |own: &str| text.borrow_mut().push(own, format.at.clone());
        let value = |verb| {
            let value = values.next()?;
            let piece = self.piece(value, each, trail);
            let piece = match verb {
                Verb::Text => piece,
                Verb::Number { .. } if piece.has_holes() => Text::hole(value.at.clone()),
                Verb::Number { zeros } => {
                    let number: u64 = piece.as_str().parse().ok()?;
                    let zeros = usize::from(zeros);
                    Text::literal(&format!("{number:0zeros$}"), value.at.clone())
                }
            };
            text.borrow_mut().push_text(&piece);
            Some(())
        };
        text_functions::formatted(format.literal()?, literal, value)?;
        values.next().is_none().then(|| text.into_inner())
    }

    /// A text that is known in whole.
    fn known(
        &self,
        expression: &'a Expression,
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<String> {
        let text = self.one(expression, each, trail)?;
        (!text.has_holes()).then(|| text.as_str().to_owned())
    }

    /// The items of a list that is written there or referred to.
    fn items(&self, list: &'a Expression, trail: Trail<'_>) -> Option<&'a [Expression]> {
        let trail = trail.further()?;
        match &list.kind {
            Kind::List(items) => Some(items),
            Kind::Reference(_) => {
                let items = self.items(self.at_path(&list.reference()?)?, trail)?;
                // A default without items stands for what the callers give.
                (!items.is_empty()).then_some(items)
            }
            _ => None,
        }
    }

    /// The first value that there is, of `coalesce` one that is not empty; none unless it is known in whole.
    fn first(
        &self,
        function: &str,
        values: &'a [Expression],
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<Text> {
        for value in values {
            let is_null = matches!(&value.kind, Kind::Plain(plain) if plain == "null");
            let is_passed_over = is_null || value.literal() == Some("");
            if function == "coalesce" && is_passed_over {
                continue;
            }
            let text = self.one(value, each, trail)?;
            return (!text.has_holes()).then_some(text);
        }
        None
    }

    /// The entries of an object that is written there or referred to, each with a name that is known.
    pub(super) fn entries(&self, map: &'a Expression, trail: Trail<'_>) -> Option<&'a [Entry]> {
        let trail = trail.further()?;
        match &map.kind {
            Kind::Object(entries) => {
                let all_named = entries.iter().all(|entry| entry.name.is_some());
                all_named.then_some(entries.as_slice())
            }
            Kind::Reference(_) => {
                let parts = map.reference()?;
                let entries = self.entries(self.at_path(&parts)?, trail)?;
                // A default without entries stands for what the callers give.
                let is_known = parts.first() == Some(&"local") || !entries.is_empty();
                is_known.then_some(entries)
            }
            _ => None,
        }
    }
}
