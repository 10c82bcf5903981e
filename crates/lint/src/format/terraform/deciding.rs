//! Which variables decide whether a block is there, or how often: with their default it may not be.
//!
//! They are those that `count` and `enabled` ask for, and those of the conditions in `for_each`, in the
//! block itself and in what its locals are.

use std::collections::{HashMap, HashSet};

use super::expression::{Block, Expression, Kind, variables_in};

/// The variables and locals that an expression names.
#[derive(Default)]
struct Named<'a> {
    variables: Vec<String>,
    locals: HashSet<Local<'a>>,
}

/// A local of which all counts, or only what its conditions ask for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Local<'a> {
    name: &'a str,
    asks: Asks,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Asks {
    ForAll,
    InConditions,
}

/// Adds to each block the variables that decide whether it is there.
pub(super) fn tell(blocks: &mut [Block]) {
    let locals = blocks.iter().filter(|block| block.kind == "locals");
    let locals = locals.flat_map(|block| &block.attributes);
    let locals: HashMap<_, _> = locals.map(|(name, value)| (name.as_str(), value)).collect();
    let mut known = HashMap::new();
    let found = blocks.iter().map(|block| {
        let mut named = Named::default();
        named.of_block(block);
        named.followed(&locals, &mut known)
    });
    let found: Vec<_> = found.collect();
    for (block, variables) in blocks.iter_mut().zip(found) {
        block.tested.extend(variables);
    }
}

impl<'a> Named<'a> {
    fn of_block(&mut self, block: &'a Block) {
        if let Some(count) = block.attribute("count").filter(|own| !is_length(own)) {
            self.add(count, Asks::ForAll);
        }
        let lifecycle = block.blocks("lifecycle");
        for enabled in lifecycle.filter_map(|own| own.attribute("enabled")) {
            self.add(enabled, Asks::ForAll);
        }
        self.of_loops(block);
    }

    /// What the conditions ask for of the `for_each` of a block and of those within it.
    fn of_loops(&mut self, block: &'a Block) {
        if let Some(for_each) = block.attribute("for_each") {
            self.add(for_each, Asks::InConditions);
        }
        block.blocks.iter().for_each(|inner| self.of_loops(inner));
    }

    fn add(&mut self, expression: &'a Expression, asks: Asks) {
        match &expression.kind {
            Kind::Reference(parts) => {
                let parts: Vec<_> = parts.iter().map(String::as_str).collect();
                if let ["local", name, ..] = *parts.as_slice() {
                    self.locals.insert(Local { name, asks });
                }
                if asks == Asks::ForAll {
                    self.variables.extend(variables_in(&parts.join(".")));
                }
            }
            Kind::Conditional(values) => {
                let [condition, then, otherwise] = &**values;
                self.add(condition, Asks::ForAll);
                self.add(then, asks);
                self.add(otherwise, asks);
            }
            _ => {
                let parts = expression.parts().into_iter();
                parts.for_each(|part| self.add(part, asks));
            }
        }
    }

    /// The variables, with those of the locals, of which some are known.
    fn followed(
        self,
        locals: &HashMap<&str, &'a Expression>,
        known: &mut HashMap<Local<'a>, HashSet<String>>,
    ) -> HashSet<String> {
        let mut variables: HashSet<_> = self.variables.into_iter().collect();
        for local in self.locals {
            let of_local = known
                .entry(local)
                .or_insert_with(|| local.variables(locals));
            variables.extend(of_local.iter().cloned());
        }
        variables
    }
}

impl<'a> Local<'a> {
    /// The variables of a local, and of those that it names again.
    fn variables(self, locals: &HashMap<&str, &'a Expression>) -> HashSet<String> {
        let (mut variables, mut seen) = (HashSet::new(), HashSet::from([self]));
        let mut left = vec![self];
        while let Some(local) = left.pop() {
            let mut named = Named::default();
            if let Some(value) = locals.get(local.name) {
                named.add(value, local.asks);
            }
            variables.extend(named.variables);
            left.extend(named.locals.into_iter().filter(|own| seen.insert(*own)));
        }
        variables
    }
}

/// Whether an expression is the length of what a reference leads to: a list that is empty has no item either.
fn is_length(count: &Expression) -> bool {
    match &count.kind {
        Kind::Call(name, arguments) if name == "length" => {
            matches!(arguments.as_slice(), [only] if only.reference().is_some())
        }
        _ => false,
    }
}
