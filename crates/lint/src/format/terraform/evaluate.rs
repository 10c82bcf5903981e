//! What an expression can be, as far as the files of the module tell.
//!
//! Followed are `local.NAME`, `var.NAME` with a value or default that is a text and not empty, `each.key`
//! and `each.value` of a map or set of literals, what is written in both values of a condition, functions
//! of texts, and the ARN of a key of the module. Everything else is a hole.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::attributes::{ALIAS_ATTRIBUTES, KEY_ARN_ATTRIBUTES, is_one_of};
use super::expression::{Block, COUNT_INDEX, Expression, Kind, Piece, VARIABLES};
use super::trail::{Budget, Trail};
use crate::format::placeholder::key_arn;
use crate::text::Text;

/// What an expression can be.
pub(super) enum Resolved {
    Text(Text),
    /// A reference to an attribute that is surely an alias, and where it stands.
    Alias(String, Range<usize>),
}

/// What references lead to.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    values: Rc<Values<'a>>,
    hidden: Hidden<'a>,
}

#[derive(Clone, Default)]
struct Values<'a> {
    locals: HashMap<&'a str, &'a Expression>,
    defaults: HashMap<&'a str, &'a Expression>,
    /// Where each name is in an object that has many, by the address of the object.
    names: RefCell<HashMap<*const Expression, HashMap<String, usize>>>,
}

/// Up to this size the members of an object are looked through one by one.
const FEW_MEMBERS: usize = 16;

/// The variables whose defaults do not count.
#[derive(Clone, Copy, Default)]
enum Hidden<'a> {
    #[default]
    Nothing,
    These(&'a [String]),
    All,
}

/// One round of `for_each`, or of a `count` that is the length of a list.
pub(super) struct Each<'a> {
    pub(super) key: Text,
    /// The list that is counted, whose item is the key.
    pub(super) counted: Option<Vec<&'a str>>,
    /// None where the values are the keys.
    pub(super) value: Option<&'a Expression>,
}

/// The files of variables that Terraform loads by itself; of two the later wins.
fn in_order(blocks: &[Block]) -> Vec<&Block> {
    let files = blocks.iter().filter(|block| block.kind == VARIABLES);
    let mut files: Vec<_> = files.collect();
    files.sort_by_key(|block| {
        let name = block.label(0);
        (!name.starts_with("terraform.tfvars"), name)
    });
    files
}

impl Each<'_> {
    /// A reference with the key of this round in the place of the index `[each.key]`.
    fn indexes_of<'p>(&self, parts: &[&'p str]) -> Vec<Cow<'p, str>> {
        let key = self.key.as_str();
        let is_key = |part: &str| {
            let by_value = self.value.is_none() && part == "[each.value]";
            (part == "[each.key]" || by_value) && self.counted.is_none() && !self.key.has_holes()
        };
        let index = |part: &&'p str| match *part {
            part if is_key(part) => Cow::Owned(format!("[\"{key}\"]")),
            part => Cow::Borrowed(part),
        };
        parts.iter().map(index).collect()
    }

    /// The item of a list at `count.index`, where the list is the one that is counted.
    pub(super) fn counted_item(&self, list: &[&str]) -> Option<Text> {
        let is_counted = self.counted.as_deref() == Some(list);
        is_counted.then(|| self.key.clone())
    }
}

impl<'a> Scope<'a> {
    /// What the blocks of a module say; some variables are given another value by all who call it.
    pub(super) fn new(blocks: &'a [Block], overridden: &HashSet<String>) -> Self {
        let mut scope = Values::default();
        for block in blocks {
            match block.kind.as_str() {
                "locals" => {
                    let locals = block.attributes.iter();
                    scope
                        .locals
                        .extend(locals.map(|(name, value)| (name.as_str(), value)));
                }
                "variable" => {
                    let default = block.attribute("default");
                    let default = default.filter(|_| !overridden.contains(block.label(0)));
                    scope
                        .defaults
                        .extend(default.map(|default| (block.label(0), default)));
                }
                _ => {}
            }
        }
        for block in in_order(blocks) {
            let values = block.attributes.iter();
            let values = values.map(|(name, value)| (name.as_str(), value));
            scope.defaults.extend(values);
        }
        Self {
            values: Rc::new(scope),
            hidden: Hidden::Nothing,
        }
    }

    /// Forgets the default of a variable.
    pub(super) fn forget(&mut self, variable: &str) {
        Rc::make_mut(&mut self.values).defaults.remove(variable);
    }

    /// The same without the defaults of variables that a block itself asks for.
    pub(super) fn without<'b>(&self, tested: &'b [String]) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            values: Rc::clone(&self.values),
            hidden: Hidden::These(tested),
        }
    }

    /// The same without the defaults of variables.
    pub(super) fn certain(&self) -> Self {
        Self {
            values: Rc::clone(&self.values),
            hidden: Hidden::All,
        }
    }

    /// The default of a variable.
    fn default_of(&self, name: &str) -> Option<&'a Expression> {
        let is_hidden = match self.hidden {
            Hidden::Nothing => false,
            Hidden::These(names) => names.iter().any(|own| own == name),
            Hidden::All => true,
        };
        let default = self.values.defaults.get(name).copied();
        default.filter(|_| !is_hidden)
    }

    /// What an expression can be; nothing for null.
    pub(super) fn resolve(
        &self,
        expression: &'a Expression,
        each: Option<&Each<'a>>,
    ) -> Vec<Resolved> {
        self.follow(expression, each, Trail::new(&Budget::new()))
    }

    pub(super) fn follow(
        &self,
        expression: &'a Expression,
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Vec<Resolved> {
        let Some(trail) = trail.further() else {
            return vec![hole(expression)];
        };
        match &expression.kind {
            Kind::Template(pieces) | Kind::Document(pieces, _) => match pieces.as_slice() {
                [Piece::Value(value)] => self.follow(value, each, trail),
                pieces => vec![Resolved::Text(
                    self.template(expression, pieces, each, trail),
                )],
            },
            Kind::Conditional(parts) => {
                let [_, then, otherwise] = &**parts;
                // A condition may ask for the very value that a branch refers to, so a branch is
                // only what is written in it.
                let own = Self::default();
                let mut branches = own.follow(then, None, trail);
                branches.extend(own.follow(otherwise, None, trail));
                branches.retain(|branch| !is_empty(branch));
                branches
            }
            Kind::Plain(plain) if plain == "null" => Vec::new(),
            Kind::Plain(plain) => {
                vec![Resolved::Text(Text::literal(plain, expression.at.clone()))]
            }
            Kind::Reference(parts) => {
                let parts: Vec<_> = parts.iter().map(String::as_str).collect();
                self.reference(expression, &parts, each, trail)
            }
            Kind::Call(name, arguments) => {
                let text = self.call(name, arguments, each, trail);
                let text = text.unwrap_or_else(|| Text::hole(expression.at.clone()));
                vec![Resolved::Text(text)]
            }
            Kind::List(_) | Kind::Object(_) | Kind::For(_) | Kind::Absent | Kind::Unknown => {
                vec![hole(expression)]
            }
        }
    }

    fn template(
        &self,
        template: &Expression,
        pieces: &'a [Piece],
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Text {
        let mut text = Text::default();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) if trail.can_hold(literal) => {
                    text.push(literal, template.at.clone());
                }
                Piece::Literal(_) => text.push_hole(template.at.clone()),
                Piece::Unknown => text.push_hole(template.at.clone()),
                Piece::Value(value) => match self.one(value, each, trail) {
                    // What stands elsewhere may be right there: the template is what is wrong.
                    Some(own) if refers(value) => text.push_text(&own.placed(&template.at)),
                    Some(own) => text.push_text(&own),
                    None => text.push_hole(template.at.clone()),
                },
            }
        }
        if pieces.is_empty() {
            text.push("", template.at.clone());
        }
        text
    }

    /// The one text that an expression is.
    pub(super) fn one(
        &self,
        expression: &'a Expression,
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Option<Text> {
        let mut resolved = self.follow(expression, each, trail);
        match (resolved.pop(), resolved.is_empty()) {
            (Some(Resolved::Text(text)), true) => Some(text),
            _ => None,
        }
    }

    /// A part of a text that a function puts together: a reference stands where it is written.
    pub(super) fn piece(
        &self,
        item: &'a Expression,
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Text {
        match self.one(item, each, trail) {
            Some(text) if refers(item) => text.placed(&item.at),
            Some(text) => text,
            None => Text::hole(item.at.clone()),
        }
    }

    fn reference(
        &self,
        expression: &Expression,
        parts: &[&str],
        each: Option<&Each<'a>>,
        trail: Trail<'_>,
    ) -> Vec<Resolved> {
        if is_one_of(ALIAS_ATTRIBUTES, parts) {
            return vec![Resolved::Alias(
                parts.join(".").replace(".[", "["),
                expression.at.clone(),
            )];
        }
        if is_one_of(KEY_ARN_ATTRIBUTES, parts) {
            return vec![Resolved::Text(key_arn(&expression.at))];
        }
        let own = each.map(|each| each.indexes_of(parts));
        let own: Option<Vec<_>> = own
            .as_ref()
            .map(|own| own.iter().map(|part| &**part).collect());
        let path = own.as_deref().unwrap_or(parts);
        if let (Some(value), [_, _, _, ..]) = (self.at_path(path), path) {
            return self.follow(value, None, trail);
        }
        if let (Some(each), [list @ .., COUNT_INDEX]) = (each, parts)
            && let Some(item) = each.counted_item(list)
        {
            return vec![Resolved::Text(item)];
        }
        match (parts, each) {
            (["local", name], _) => {
                if let Some(value) = self.local(name) {
                    return self.follow(value, None, trail);
                }
            }
            (["var", name], _) => {
                if let Some(default) = self.default_of(name) {
                    let mut resolved = self.follow(default, None, trail);
                    resolved.retain(|resolved| !is_empty(resolved));
                    if !resolved.is_empty() {
                        return resolved;
                    }
                }
            }
            (["each", "key"], Some(each)) => return vec![Resolved::Text(each.key.clone())],
            (["each", "value", path @ ..], Some(each)) => {
                if let Some(resolved) = self.each_value(each, path, trail) {
                    return resolved;
                }
            }
            _ => {}
        }
        vec![hole(expression)]
    }

    fn each_value(
        &self,
        each: &Each<'a>,
        path: &[&str],
        trail: Trail<'_>,
    ) -> Option<Vec<Resolved>> {
        let Some(value) = each.value else {
            return path
                .is_empty()
                .then(|| vec![Resolved::Text(each.key.clone())]);
        };
        Some(self.follow(member(value, path)?, None, trail))
    }

    pub(super) fn local(&self, name: &str) -> Option<&'a Expression> {
        self.values.locals.get(name).copied()
    }

    /// What `local.NAME` or `var.NAME` is, or a member of it.
    pub(super) fn at_path(&self, parts: &[&str]) -> Option<&'a Expression> {
        match parts {
            ["local", name, path @ ..] => self.member(self.local(name)?, path),
            ["var", name, path @ ..] => self.member(self.default_of(name)?, path),
            _ => None,
        }
    }

    /// The member that a path leads to, found at once also where an object has many.
    fn member(&self, value: &'a Expression, path: &[&str]) -> Option<&'a Expression> {
        path.iter().try_fold(value, |value, part| {
            let entries = match &value.kind {
                Kind::Object(entries) if entries.len() > FEW_MEMBERS => entries,
                _ => return member(value, &[part]),
            };
            let mut names = self.values.names.borrow_mut();
            let names = names.entry(std::ptr::from_ref(value)).or_insert_with(|| {
                let named = entries.iter().enumerate().rev();
                let named = named.filter_map(|(index, own)| Some((own.name.clone()?, index)));
                named.collect()
            });
            let entry = entries.get(*names.get(step_name(part)?)?)?;
            Some(&entry.value)
        })
    }
}

/// The member of an object, or the item of a list, that a path leads to.
pub(super) fn member<'a>(value: &'a Expression, path: &[&str]) -> Option<&'a Expression> {
    path.iter().try_fold(value, |value, part| {
        let index = part.strip_prefix('[').and_then(|own| own.strip_suffix(']'));
        match &value.kind {
            Kind::Object(entries) => {
                let name = step_name(part)?;
                let mut entries = entries.iter();
                let entry = entries.find(|entry| entry.name.as_deref() == Some(name))?;
                Some(&entry.value)
            }
            Kind::List(items) => items.get(index.unwrap_or(part).parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// The name that a step is, or that it has as an index.
fn step_name(step: &str) -> Option<&str> {
    match step.strip_prefix('[') {
        None => Some(step),
        Some(index) => index.strip_prefix('"')?.strip_suffix("\"]"),
    }
}

/// Whether an expression is a reference to what stands elsewhere than in its own block.
pub(super) fn refers(expression: &Expression) -> bool {
    let reference = expression.reference();
    reference.is_some_and(|parts| parts.first() != Some(&"each"))
}

fn hole(expression: &Expression) -> Resolved {
    Resolved::Text(Text::hole(expression.at.clone()))
}

fn is_empty(resolved: &Resolved) -> bool {
    matches!(resolved, Resolved::Text(text) if text.as_str().is_empty())
}
