//! Loops over what stands in the module, written out: `for` expressions and `dynamic` blocks.
//!
//! A loop is followed over a literal list or object, a local or the default of a variable that is one,
//! and functions that put such together. Where it is over anything else, or has a filter that is not
//! known of each item, an expression is not known, and a `dynamic` block stays. Of the values of a
//! condition that is not known none is written out: the condition may ask for the very item.

use std::collections::{HashMap, HashSet};

use super::bind::{Binding, size, size_of_block};
use super::collection::Collection;
use super::conversion::written_out;
use super::evaluate::Scope;
use super::expression::{Block, Entry, Expression, For, Kind, Piece, VARIABLES};
use super::trail::{Budget, Trail};

/// Writes out the loops of a module, as far as they are known.
pub(super) fn write_out(blocks: &mut [Block], overridden: &HashSet<String>) {
    let known = blocks.iter().filter(|block| KNOWN.contains(&&*block.kind));
    let known: Vec<_> = known.cloned().collect();
    let mut scope = Scope::new(&known, overridden);
    for block in known.iter().filter(|block| block.kind == "variable") {
        if block
            .attribute("type")
            .is_some_and(|own| changes(&written_out(own)))
        {
            scope.forget(block.label(0));
        }
    }
    let size = blocks.iter().map(size_of_block);
    let budget = Budget::of_module(size.fold(0, usize::saturating_add));
    for block in blocks {
        let tested = block.tested.clone();
        let scope = scope.without(&tested);
        Loops { scope }.block(block, Trail::new(&budget));
    }
}

/// The blocks whose values loops may be over.
const KNOWN: &[&str] = &["locals", "variable", VARIABLES];

/// Whether Terraform may make something else of a value that a variable of this type is given: an
/// object with more members, or a set whose order is not told.
fn changes(variable_type: &Expression) -> bool {
    match &variable_type.kind {
        Kind::Call(name, _) if name == "optional" => true,
        Kind::Call(name, items) if name == "set" => !is_of_texts(items),
        _ => variable_type.parts().into_iter().any(changes),
    }
}

/// Whether the items are texts, whose order in a set is known.
fn is_of_texts(items: &[Expression]) -> bool {
    matches!(items, [item] if item.reference().as_deref() == Some(&["string"]))
}

/// What loops may be over.
pub(super) struct Loops<'a> {
    pub(super) scope: Scope<'a>,
}

impl Loops<'_> {
    fn block(&self, block: &mut Block, trail: Trail<'_>) {
        for (name, value) in &mut block.attributes {
            self.expression(value, trail);
            if name == "for_each"
                && let Some(collection) = self.collection(value, trail)
            {
                value.kind = collection.into_kind(value.at.clone());
            }
        }
        let Some(within) = trail.further() else {
            return;
        };
        for mut inner in std::mem::take(&mut block.blocks) {
            match self.turns(&inner, within) {
                Some(turns) => block.blocks.extend(turns),
                None => {
                    self.block(&mut inner, within);
                    block.blocks.push(inner);
                }
            }
        }
    }

    /// The blocks that a `dynamic` block makes.
    fn turns(&self, block: &Block, trail: Trail<'_>) -> Option<Vec<Block>> {
        let for_each = block.attribute("for_each")?;
        if block.kind != "dynamic" {
            return None;
        }
        let kind = block.label(0);
        let iterator = match block.attribute("iterator") {
            None => kind.to_owned(),
            Some(iterator) => iterator.reference()?.join("."),
        };
        let content = block.blocks("content").next()?;
        let mut turns = Vec::new();
        for (key, value) in self.collection(for_each, trail)?.into_turns() {
            let at = value.at.clone();
            let of = |name: &str, value: Expression| Entry {
                name: Some(name.to_owned()),
                name_at: value.at.clone(),
                key: None,
                value,
            };
            let entries = vec![of("key", key), of("value", value)];
            let binding = Binding {
                name: iterator.clone(),
                value: Expression::new(Kind::Object(entries), at),
            };
            let mut turn = content.clone();
            if !trail.can_take(size_of_block(&turn)) {
                return None;
            }
            kind.clone_into(&mut turn.kind);
            self.put_into_block(&mut turn, &[binding], trail);
            self.block(&mut turn, trail.further()?);
            turns.push(turn);
        }
        Some(turns)
    }

    /// Writes out the loops in an expression, and the collections that its functions make.
    pub(super) fn expression(&self, expression: &mut Expression, trail: Trail<'_>) {
        if let Kind::For(own) = &expression.kind {
            let written = trail.further().and_then(|trail| self.written(own, trail));
            expression.kind = written.unwrap_or(Kind::Unknown);
            return;
        }
        expression
            .parts_mut()
            .for_each(|part| self.expression(part, trail));
        match &mut expression.kind {
            Kind::Call(name, arguments) if name == "try" => {
                let absent = |own: &&Expression| matches!(own.kind, Kind::Absent);
                let absent = arguments.iter().take_while(absent).count();
                arguments.drain(..absent);
            }
            Kind::Call(name, _) if Collection::is_made_by(name) => {
                if let Some(made) = self.collection(expression, trail) {
                    expression.kind = made.into_kind(expression.at.clone());
                }
            }
            Kind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                if let Some(holds) = self.surely_holds(condition, trail) {
                    *expression = if holds { then } else { otherwise }.clone();
                }
            }
            Kind::Object(entries) => self.name_entries(entries, trail),
            Kind::Template(pieces) => {
                if let [Piece::Value(value)] = pieces.as_mut_slice()
                    && matches!(value.kind, Kind::List(_) | Kind::Object(_))
                {
                    expression.kind = std::mem::replace(&mut value.kind, Kind::Unknown);
                }
            }
            _ => {}
        }
    }

    /// Names entries by what their names are put together of.
    fn name_entries(&self, entries: &mut Vec<Entry>, trail: Trail<'_>) {
        if entries.iter().all(|entry| entry.key.is_none()) {
            return;
        }
        for entry in &mut *entries {
            if let Some(key) = &entry.key
                && let Some(name) = self.constant(key, trail)
            {
                (entry.name, entry.key) = (Some(name), None);
            }
        }
        // Of two entries of one name the later counts.
        let mut later = HashSet::new();
        entries.reverse();
        entries.retain(|entry| entry.name.is_none() || later.insert(entry.name.clone()));
        entries.reverse();
    }

    /// The text of an expression that is wholly known.
    pub(super) fn constant(&self, expression: &Expression, trail: Trail<'_>) -> Option<String> {
        if matches!(&expression.kind, Kind::Plain(plain) if plain == "null") {
            return None;
        }
        let text = self.scope.one(expression, None, trail)?;
        (!text.has_holes()).then(|| text.as_str().to_owned())
    }

    /// What a `for` expression gives.
    fn written(&self, own: &For, trail: Trail<'_>) -> Option<Kind> {
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        for (key, value) in self.collection(&own.collection, trail)?.into_turns() {
            let variables = [
                (own.key_variable.as_ref(), key),
                (Some(&own.variable), value),
            ];
            let bindings: Vec<_> = variables
                .into_iter()
                .filter_map(|(name, value)| {
                    let name = name?.clone();
                    Some(Binding { name, value })
                })
                .collect();
            if let Some(filter) = &own.filter {
                let filter = self.turn(filter, &bindings, trail)?;
                if !self.holds(&filter, trail)? {
                    continue;
                }
            }
            let value = self.turn(&own.value, &bindings, trail)?;
            match &own.key {
                None => items.push(value),
                Some(key) => {
                    let key = self.turn(key, &bindings, trail)?;
                    entries.push(Entry {
                        name: Some(self.constant(&key, trail)?),
                        name_at: key.at,
                        key: None,
                        value,
                    });
                }
            }
        }
        Some(match own.key {
            None => Kind::List(items),
            Some(_) if own.is_grouping => Kind::Object(grouped(entries)),
            Some(_) => Kind::Object(entries),
        })
    }

    fn turn(
        &self,
        body: &Expression,
        bindings: &[Binding],
        trail: Trail<'_>,
    ) -> Option<Expression> {
        if !trail.can_take(size(body)) {
            return None;
        }
        let mut body = body.clone();
        self.put_into(&mut body, bindings, trail);
        self.expression(&mut body, trail);
        Some(body)
    }

    /// What an expression is as a collection, with the loops in it written out.
    pub(super) fn collection(
        &self,
        expression: &Expression,
        trail: Trail<'_>,
    ) -> Option<Collection> {
        let trail = trail.further()?;
        if !trail.can_take(size(expression)) {
            return None;
        }
        if let Some(parts) = expression.reference() {
            let known = self.collection(self.scope.at_path(&parts)?, trail)?;
            // A default without items stands for what the callers give.
            let is_known = parts.first() == Some(&"local") || known.len() > 0;
            return is_known.then_some(known);
        }
        match &expression.kind {
            Kind::Call(name, arguments) => self.made_by(name, arguments, trail),
            Kind::For(own) => Collection::of(self.written(own, trail)?),
            Kind::Template(pieces) => match pieces.as_slice() {
                [Piece::Value(value)] => self.collection(value, trail),
                _ => None,
            },
            _ => {
                let mut own = expression.clone();
                self.expression(&mut own, trail);
                Collection::of(own.kind)
            }
        }
    }
}

/// The entries of each name put together, as a list.
fn grouped(entries: Vec<Entry>) -> Vec<Entry> {
    let mut groups: Vec<Entry> = Vec::new();
    let mut places = HashMap::new();
    for entry in entries {
        let place = *places.entry(entry.name.clone()).or_insert(groups.len());
        let list = groups.get_mut(place).map(|group| &mut group.value.kind);
        if let Some(Kind::List(items)) = list {
            items.push(entry.value);
        } else {
            let at = entry.value.at.clone();
            let value = Expression::new(Kind::List(vec![entry.value]), at);
            groups.push(Entry { value, ..entry });
        }
    }
    groups
}
