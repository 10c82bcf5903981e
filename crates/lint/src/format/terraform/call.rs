//! What the functions of Terraform give, as far as their arguments are known.

use super::evaluate::{Each, Scope};
use super::expression::{Entry, Expression, Kind};
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
            ("join", [separator, list]) => {
                let Kind::List(items) = &list.kind else {
                    return None;
                };
                let between = separator.literal()?;
                let mut text = Text::default();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 && !between.is_empty() {
                        text.push(between, separator.at.clone());
                    }
                    text.push_text(&self.piece(item, each, trail));
                }
                Some(text)
            }
            ("format", [format, values @ ..]) => {
                let literal = format.literal()?;
                let mut text = Text::default();
                let mut values = values.iter();
                for (index, piece) in literal.split("%s").enumerate() {
                    if piece.contains('%') {
                        return None;
                    }
                    if index > 0 {
                        let value = values.next()?;
                        text.push_text(&self.piece(value, each, trail));
                    }
                    text.push(piece, format.at.clone());
                }
                Some(text)
            }
            (
                "chomp" | "lower" | "nonsensitive" | "sensitive" | "tostring" | "trimspace",
                [only],
            ) => {
                let text = self.one(only, each, trail)?;
                let value = text.as_str();
                let is_same = value.trim() == value && value.to_lowercase() == value;
                (is_same || !["chomp", "lower", "trimspace"].contains(&name)).then_some(text)
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
    fn entries(&self, map: &'a Expression, trail: Trail<'_>) -> Option<&'a [Entry]> {
        let trail = trail.further()?;
        match &map.kind {
            Kind::Object(entries) => {
                let all_named = entries.iter().all(|entry| entry.name.is_some());
                all_named.then_some(entries.as_slice())
            }
            Kind::Reference(_) => self.entries(self.at_path(&map.reference()?)?, trail),
            _ => None,
        }
    }
}
