//! Every public item is shown at work: a type or function has an example in its documentation that
//! asserts something, and a method or constant has its own or is called in that of its type.
//!
//! The items are those of `public-api.txt`, the examples those of the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sources::sources;

mod sources;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A public item: the type that it belongs to, if any, and its name.
type Item = (Option<String>, String);

/// The path that a line of the list begins with, without what is generic in it.
fn path(line: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for character in line.chars() {
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            '(' | ' ' | '=' if depth == 0 => break,
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    let plain = plain.trim_end_matches(':');
    plain.split("::").map(str::to_owned).collect()
}

/// The items of a list as `cargo public-api` prints it, but for those of traits of other crates and
/// what is shown with its type: variants, fields.
fn items(list: &str) -> BTreeSet<Item> {
    let mut items = BTreeSet::new();
    let mut of_a_trait = false;
    for line in list.lines() {
        let line = match line.split_once("] pub ") {
            Some((attributes, _)) if attributes.starts_with("#[") => &line[attributes.len() + 2..],
            _ => line,
        };
        if line.starts_with("impl") {
            of_a_trait = line.contains(" for ");
        }
        let Some(line) = line.strip_prefix("pub ") else {
            continue;
        };
        let words = [
            "const fn ",
            "fn ",
            "const ",
            "struct ",
            "enum ",
            "trait ",
            "type ",
        ];
        let Some(line) = words.iter().find_map(|word| line.strip_prefix(word)) else {
            continue;
        };
        let mut path = path(line);
        let name = path.pop().expect("a name");
        let owner = path
            .pop()
            .filter(|owner| owner.starts_with(char::is_uppercase));
        let ours = line.starts_with("kms_alias::");
        if ours && (owner.is_none() || !of_a_trait) {
            items.insert((owner, name));
        }
    }
    items
}

/// What the sources say of each item, by the name of its type and its own.
#[derive(Default)]
struct Documentation {
    /// Of what is written `pub`.
    said: BTreeMap<Item, Vec<String>>,
    /// Of types that a macro makes of a list: they stand there as `KeyState {`.
    listed: BTreeMap<String, String>,
}

impl Documentation {
    fn of_the_sources() -> Self {
        let mut all = Self::default();
        for (path, text) in sources() {
            all.read_file(&root().join("src").join(path), &text);
        }
        all
    }

    fn read_file(&mut self, path: &Path, text: &str) {
        // The type of the `impl` that a line stands in, and the line that ends it.
        let mut owner: Option<(String, String)> = None;
        let mut said = String::new();
        let mut in_attribute = false;
        for line in text.lines() {
            let code = line.trim_start();
            if let Some(words) = code.strip_prefix("///") {
                said.push_str(words.strip_prefix(' ').unwrap_or(words));
                said.push('\n');
                continue;
            }
            if in_attribute || code.starts_with("#[") {
                if let Some(words) = code.strip_prefix("#[doc = ") {
                    said.push_str(&written(path, words));
                    said.push('\n');
                }
                in_attribute = !code.ends_with(']');
                continue;
            }
            if code.starts_with("//") {
                continue;
            }
            let words = std::mem::take(&mut said);
            if let Some((_, end)) = &owner
                && line == end
            {
                owner = None;
            } else if code.starts_with("impl") && !code.contains(" for ") && code.ends_with('{') {
                let indent = &line[..line.len() - code.len()];
                owner = Some((implemented(code), format!("{indent}}}")));
            } else if let Some(name) = defined(code) {
                let owner = owner.as_ref().map(|(owner, _)| owner.clone());
                self.said.entry((owner, name)).or_default().push(words);
            } else if let Some(name) = code.strip_suffix(" {")
                && !words.is_empty()
                && name.chars().all(char::is_alphanumeric)
            {
                self.listed.insert(name.to_owned(), words);
            }
        }
    }

    /// What is said of each item of a name; of a type that a macro makes, with what the macro says.
    fn of(&self, item: &Item) -> Vec<String> {
        if let Some(words) = self.said.get(item) {
            return words.clone();
        }
        let (owner, name) = item;
        let of_the_macro = (owner.as_ref().map(|_| "$type".to_owned()), name.clone());
        let of_the_macro = match owner {
            Some(_) => self.said.get(&of_the_macro),
            None => self.said.get(&(None, "$type".to_owned())),
        };
        let of_the_macro = of_the_macro.into_iter().flatten();
        let listed = self.listed.get(name).cloned().unwrap_or_default();
        of_the_macro.map(|words| listed.clone() + words).collect()
    }
}

/// What an attribute says: the text of `include_str!`, or an example's line as a macro writes it.
fn written(path: &Path, words: &str) -> String {
    let Some(file) = words.strip_prefix("include_str!(\"") else {
        return words.to_owned();
    };
    let file = file.split('"').next().expect("a file");
    read(&path.parent().expect("a folder").join(file))
}

/// The type of `impl<'a> Alias<'a> {`.
fn implemented(code: &str) -> String {
    let code = code.trim_start_matches("impl");
    let code = if code.starts_with('<') {
        code.split_once("> ").map_or(code, |(_, code)| code)
    } else {
        code
    };
    let part = |c: char| !(c.is_alphanumeric() || c == '$');
    let name = code.trim().split(part).next();
    name.expect("a name").to_owned()
}

/// The name of the public item that a line of code begins.
fn defined(code: &str) -> Option<String> {
    let code = code.strip_prefix("pub ")?;
    let words = [
        "const fn ",
        "fn ",
        "const ",
        "struct ",
        "enum ",
        "trait ",
        "type ",
    ];
    let code = words.iter().find_map(|word| code.strip_prefix(word))?;
    let part = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
    code.split(part).next().map(str::to_owned)
}

/// The examples in a documentation that are run, as they are shown.
fn examples(said: &str) -> String {
    let mut code = String::new();
    // Whether a block has begun, and whether it runs.
    let mut block: Option<bool> = None;
    for line in said.lines() {
        if let Some(language) = line.strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(matches!(language, "" | "rust")),
            };
        } else if block == Some(true) && line != "#" && !line.starts_with("# ") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

fn asserts(said: &str) -> bool {
    examples(said).contains("assert")
}

/// Whether an example names a method or constant of its type.
fn calls(said: &str, name: &str) -> bool {
    let code = examples(said);
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        (before.ends_with('.') || before.ends_with("::")) && !after.starts_with(part_of_word)
    })
}

/// Whether an item has an example, or is called in that of its type.
fn shown((owner, name): &Item, documentation: &Documentation) -> bool {
    let own = documentation.of(&(owner.clone(), name.clone()));
    assert!(
        !own.is_empty(),
        "{owner:?} {name} is not found in the sources"
    );
    let of_the_type = owner
        .as_ref()
        .map(|owner| documentation.of(&(None, owner.clone())));
    let of_the_type = of_the_type.unwrap_or_default();
    let called = of_the_type
        .iter()
        .any(|said| asserts(said) && calls(said, name));
    called || own.iter().all(|said| asserts(said))
}

#[test]
fn every_public_item_has_an_example() {
    let items = items(&read(&root().join("public-api.txt")));
    assert!(
        items.len() > 400,
        "the items are found at all: {}",
        items.len()
    );
    let documentation = Documentation::of_the_sources();
    let silent = items.iter().filter(|item| !shown(item, &documentation));
    let silent: Vec<_> = silent
        .map(|(owner, name)| format!("{}::{name}", owner.as_deref().unwrap_or_default()))
        .collect();
    assert!(
        silent.is_empty(),
        "{} without an example that asserts, or a call in that of their type:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

#[test]
fn the_list_of_the_public_api_has_every_public_item_of_the_sources() {
    let listed = items(&read(&root().join("public-api.txt")));
    for (owner, name) in Documentation::of_the_sources().said.keys() {
        let made_by_a_macro = owner.as_deref() == Some("$type") || name == "$type";
        assert!(
            made_by_a_macro || listed.contains(&(owner.clone(), name.clone())),
            "public-api.txt lacks {owner:?} {name}: TESTING.md says how to renew it"
        );
    }
}

#[test]
fn an_example_has_to_run_to_assert_and_to_call() {
    let of_the_type = "Words.\n\n```\nlet it = Thing::new();\nassert!(it.is_good());\n```\n";
    assert!(asserts(of_the_type));
    assert!(calls(of_the_type, "new") && calls(of_the_type, "is_good"));
    for name in ["is", "good", "it", "Thing", "is_bad"] {
        assert!(!calls(of_the_type, name), "{name}");
    }
    for not_run in ["text", "ignore", "no_run", "should_panic", "json"] {
        assert!(!asserts(&of_the_type.replacen(
            "```",
            &format!("```{not_run}"),
            1
        )));
    }
    assert!(!asserts("```\nlet it = 1;\n# assert!(true);\n```\n"));
    assert!(!asserts("assert!(true);"));
}
