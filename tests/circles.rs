//! No files import each other in a circle: each can be read with only those in mind that it imports,
//! and what those import.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sources::sources;

mod sources;

/// A module's names from the root, such as `["table", "rules"]`; a file is a module.
type Module = Vec<String>;

/// The sources: each module with its code, comments and unit tests left out.
struct Sources(BTreeMap<Module, String>);

impl Sources {
    fn read() -> Self {
        let modules = sources().into_iter();
        Self(
            modules
                .map(|(path, text)| (module(&path), code(&text)))
                .collect(),
        )
    }

    /// The module in which a path ends: doors lead on to where a name is at home.
    fn home(&self, path: &[String]) -> Option<Module> {
        let mut length = path.len();
        while !self.0.contains_key(&path[..length]) {
            length = length.checked_sub(1)?;
        }
        let (module, rest) = path.split_at(length);
        let Some(name) = rest.first() else {
            return Some(module.to_vec());
        };
        for door in paths(&self.0[module], module) {
            let leads_inside = door.len() > length + 1 && door.starts_with(module);
            if leads_inside && door.last() == Some(name) {
                return self.home(&door);
            }
        }
        Some(module.to_vec())
    }

    /// The modules that each imports; a door by itself imports nothing.
    fn imports(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut imports = BTreeMap::new();
        for (module, code) in &self.0 {
            let paths = paths(code, module);
            let mut imported: BTreeSet<_> =
                paths.iter().filter_map(|path| self.home(path)).collect();
            imported.remove(module);
            if self.is_door(module) {
                imported.clear();
            }
            imports.insert(module.clone(), imported);
        }
        imports
    }

    /// Whether a module has others in it: then it has no code, as `tests/house.rs` says.
    fn is_door(&self, module: &Module) -> bool {
        (self.0.keys()).any(|other| other.len() > module.len() && other.starts_with(module))
    }
}

/// The module of a file.
fn module(inside: &Path) -> Module {
    let name: PathBuf = inside.with_extension("");
    let names = name.iter().map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| name != "mod" && name != "lib")
        .collect()
}

/// A file without its comments and unit tests.
fn code(text: &str) -> String {
    let (text, _) = text
        .split_once("#[cfg(test)]\nmod tests")
        .unwrap_or((text, ""));
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The paths from the root that a module's code names, by `use` or in place.
fn paths(code: &str, module: &[String]) -> Vec<Module> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(|c: char| c.is_alphabetic()) {
        let is_whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:'".contains(c));
        let begins = ["crate::", "super::", "self::"]
            .iter()
            .any(|start| code[at..].starts_with(start));
        // In a door `pub use condition::…` names what is inside.
        let is_inside = code[..at].ends_with("use ") && code[at..].contains("::");
        if is_whole && (begins || is_inside) {
            expand(
                &mut code[at..].chars().peekable(),
                module.to_vec(),
                begins,
                &mut paths,
            );
        }
    }
    paths
}

/// A path with its branches in braces, each joined to what stands before it.
fn expand(
    code: &mut std::iter::Peekable<std::str::Chars<'_>>,
    mut before: Module,
    mut is_start: bool,
    paths: &mut Vec<Module>,
) {
    loop {
        let mut name = String::new();
        while let Some(c) = code.next_if(|c| c.is_alphanumeric() || *c == '_') {
            name.push(c);
        }
        match name.as_str() {
            "crate" if is_start => before.clear(),
            "super" if is_start => drop(before.pop()),
            "self" | "" => {}
            _ => {
                is_start = false;
                before.push(name);
            }
        }
        let mut colons = 0;
        while code.next_if_eq(&':').is_some() {
            colons += 1;
        }
        if colons < 2 {
            return paths.push(before);
        }
        if code.next_if_eq(&'{').is_some() {
            break;
        }
    }
    loop {
        while code.next_if(|c| c.is_whitespace() || *c == ',').is_some() {}
        match code.peek() {
            None => return,
            Some('}') => {
                code.next();
                return;
            }
            Some(c) if !c.is_alphabetic() => {
                code.next();
            }
            Some(_) => expand(code, before.clone(), false, paths),
        }
    }
}

/// A circle of modules, if there is one that begins here.
fn circle(
    of: &Module,
    imports: &BTreeMap<Module, BTreeSet<Module>>,
    way: &mut Vec<Module>,
    done: &mut BTreeSet<Module>,
) -> Option<Vec<Module>> {
    if let Some(at) = way.iter().position(|module| module == of) {
        return Some(way[at..].to_vec());
    }
    if done.contains(of) {
        return None;
    }
    way.push(of.clone());
    let found = (imports[of].iter()).find_map(|next| circle(next, imports, way, done));
    way.pop();
    done.insert(of.clone());
    found
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let imports = Sources::read().imports();
    let seen: usize = imports.values().map(BTreeSet::len).sum();
    assert!(seen > 300, "the imports are found at all: {seen}");
    let mut done = BTreeSet::new();
    for module in imports.keys() {
        if let Some(circle) = circle(module, &imports, &mut Vec::new(), &mut done) {
            let names: Vec<_> = circle.iter().map(|module| module.join("::")).collect();
            panic!("{} and back", names.join(" imports "));
        }
    }
}

#[test]
fn a_circle_is_found_through_braces_doors_and_code_in_place() {
    let sources = |second: &str| {
        let of = |path: &str, code: &str| (module(Path::new(path)), code.to_owned());
        Sources(BTreeMap::from([
            of("lib.rs", "mod room;"),
            of(
                "room/mod.rs",
                "mod first;\nmod second;\npub use first::{First, Other};\npub use second::Second;",
            ),
            of(
                "room/first.rs",
                "use super::{\n    Second,\n};\npub struct First;",
            ),
            of("room/second.rs", second),
        ]))
    };
    let found = |second: &str| {
        let imports = sources(second).imports();
        circle(
            &module(Path::new("room/first.rs")),
            &imports,
            &mut Vec::new(),
            &mut BTreeSet::new(),
        )
    };
    for second in [
        "use crate::room::{self, First};",
        "use super::first::Other;",
        "fn second() { crate::room::First::new() }",
        "use crate::{room::{second, first::{First}}};",
    ] {
        let found = found(second).expect("a circle");
        assert_eq!(found, [vec!["room", "first"], vec!["room", "second"]]);
    }
    for second in [
        "use core::first::First;",
        "pub struct Second(first::First);",
        "use crate::room::Third;",
    ] {
        assert_eq!(found(second), None, "{second}");
    }
}
