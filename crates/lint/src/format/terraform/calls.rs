//! Which variables of a module all its callers set, so that no default is used.

use std::collections::{HashMap, HashSet};

use super::expression::{Block, Expression};

/// The calls of modules by a path, each with the arguments that it sets, by the folder called.
#[derive(Default)]
pub(crate) struct Calls(HashMap<String, Vec<HashSet<String>>>);

impl Calls {
    /// Adds the calls that the blocks of a folder make.
    pub(crate) fn add(&mut self, folder: &str, blocks: &[Block]) {
        for block in blocks.iter().filter(|block| block.kind == "module") {
            let source = block.attribute("source").and_then(Expression::literal);
            let is_path = |source: &&str| source.starts_with("./") || source.starts_with("../");
            if let Some(source) = source.filter(is_path) {
                let names = block.attributes.iter().map(|(name, _)| name.clone());
                let called = self.0.entry(joined(folder, source)).or_default();
                called.push(names.collect());
            }
        }
    }

    /// Whether a folder is called as a module, for which Terraform loads no values of variables.
    pub(crate) fn has(&self, folder: &str) -> bool {
        self.0.contains_key(&joined(folder, ""))
    }

    /// The variables of a folder that each of its callers sets; none where nothing calls it.
    pub(crate) fn overridden(&self, folder: &str) -> HashSet<String> {
        let mut calls = self.0.get(&joined(folder, "")).into_iter().flatten();
        let first = calls.next().cloned().unwrap_or_default();
        calls.fold(first, |all, call| all.intersection(call).cloned().collect())
    }
}

/// A path in a folder, without `.` and `..` as far as they can be told.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let is_absolute = folder.starts_with('/');
    for part in folder.split(['/', '\\']).chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let root = if is_absolute { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
