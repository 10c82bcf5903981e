//! What is known of the texts that parameters without a value may be, and of the names that have them.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{Evaluated, Part, Scope};
use super::parameters::written;
use super::pattern;
use super::pseudo::is_stack_name;
use super::split;
use super::template::Template;
use kms_alias::Partition;
use kms_alias_foresee::verdict::{CharacterSet, NameForm};

/// What the parameters of a template may be.
pub(super) struct Parameters<'v> {
    template: &'v Template,
    /// Those on which nothing hangs but one name: its values need not be tried in turn.
    alone: BTreeSet<String>,
    /// Whether values come from other stacks, whose parameters may have the same names.
    imports: bool,
}

impl Scope<'_> {
    /// What is known of a name with the values of which it is made: what is called alike is alike in one stack.
    fn with_values(&self, mut form: NameForm, name: &Evaluated) -> NameForm {
        if let (NameForm::Written { made_of, .. }, Evaluated::Text(parts)) = (&mut form, name) {
            let mut known = 0_usize;
            let mut values = Vec::from([String::from(self.label.unwrap_or_default())]);
            for part in parts {
                match part {
                    Part::Known(text) => known = known.saturating_add(text.chars().count()),
                    part => values.push(part.shown()),
                }
            }
            values.sort_unstable();
            *made_of = Some((values.join("\n").into(), known));
        }
        form
    }

    /// What is known of a name, of which a part at least is not.
    pub(super) fn form(&self, name: &Evaluated) -> NameForm {
        let form = self.may_be.map_or(NameForm::Any, |it| it.form(name));
        self.with_values(form, name)
    }
}

/// As many texts of one name are told one by one.
const MOST_TEXTS: usize = 1_000;

/// What is known of a text.
#[derive(Clone)]
enum Texts {
    OneOf(Vec<String>),
    /// One of these, and then what is written so.
    Begun(Vec<String>, Written),
    Written(Written),
}

/// A text of so many of these characters.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) characters: CharacterSet,
    pub(super) least: usize,
    pub(super) most: Option<usize>,
}

impl Written {
    /// Any text.
    const ANY: Self = Self {
        characters: CharacterSet::ALL,
        least: 0,
        most: None,
    };

    /// The empty text.
    const EMPTY: Self = Self {
        characters: CharacterSet::NONE,
        least: 0,
        most: Some(0),
    };

    fn made_of(characters: &str, least: usize, most: Option<usize>) -> Self {
        Self {
            characters: characters.chars().collect(),
            least,
            most,
        }
    }

    fn of(text: &str) -> Self {
        let length = text.chars().count();
        Self {
            characters: text.chars().collect(),
            least: length,
            most: Some(length),
        }
    }

    /// Either of two texts.
    fn or(self, other: Self) -> Self {
        Self {
            characters: self.characters.or(other.characters),
            least: self.least.min(other.least),
            most: self.most.zip(other.most).map(|(one, other)| one.max(other)),
        }
    }

    /// One text, then another.
    fn then(self, other: Self) -> Self {
        Self {
            characters: self.characters.or(other.characters),
            least: self.least.saturating_add(other.least),
            most: self
                .most
                .zip(other.most)
                .map(|(one, other)| one.saturating_add(other)),
        }
    }
}

impl Texts {
    fn written(&self) -> Written {
        match self {
            Self::OneOf(texts) => {
                let each = texts.iter().map(|text| Written::of(text));
                each.reduce(Written::or).unwrap_or(Written::ANY)
            }
            Self::Begun(texts, rest) => Self::OneOf(texts.clone()).written().then(*rest),
            Self::Written(written) => *written,
        }
    }
}

/// What a pseudo parameter may be: the name that CloudFormation lets a stack have, a Region (rule K4), an
/// account (rule K3), a partition, the ending of the names of hosts.
fn of_pseudo_parameter(name: &str) -> Option<Texts> {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let lower_case = |others: &str, least, most| {
        Texts::Written(Written::made_of(
            &[LETTERS, others].concat(),
            least,
            Some(most),
        ))
    };
    Some(match name {
        _ if is_stack_name(name) => {
            let characters = [LETTERS, &LETTERS.to_ascii_uppercase(), "0123456789-"].concat();
            Texts::Written(Written::made_of(&characters, 1, Some(128)))
        }
        "AWS::URLSuffix" => lower_case("0123456789-.", 1, 253),
        "AWS::Region" => {
            let each = Partition::ALL.iter().flat_map(|it| it.region_prefixes());
            let rest = Written::made_of(&[LETTERS, "0123456789-"].concat(), 3, Some(15));
            Texts::Begun(each.map(String::from).collect(), rest)
        }
        "AWS::AccountId" => Texts::Written(Written::made_of("0123456789", 12, Some(12))),
        "AWS::Partition" => Texts::OneOf(Partition::ALL.iter().map(ToString::to_string).collect()),
        _ => return of_stack_id(name),
    })
}

/// What the UUID of a stack may be, and each of its parts.
fn of_stack_id(name: &str) -> Option<Texts> {
    let of_uuid = |characters: &str, length| {
        Texts::Written(Written::made_of(characters, length, Some(length)))
    };
    if split::is_uuid(name) {
        return Some(of_uuid("0123456789abcdef-", 36));
    }
    let mut parts = (1..).zip(split::OF_UUID);
    let (_, length) = parts.find(|(number, _)| split::of_stack_id(*number) == name)?;
    Some(of_uuid("0123456789abcdef", length))
}

impl<'v> Parameters<'v> {
    /// The parameters of a template that is to follow another one.
    pub(super) fn of(template: &'v Template, deployed: Option<&Template>) -> Self {
        let mut alone = template.used_in_one_name().clone();
        if let Some(deployed) = deployed {
            let used = deployed.parameters_of_keys();
            alone.retain(|name| !used.contains(name));
        }
        let imports = template.resources().any(|it| it.imports());
        Self {
            template,
            alone,
            imports,
        }
    }

    /// Whether nothing depends on a parameter but the name of one alias, which has each of its values.
    pub(super) fn is_alone(&self, name: &str) -> bool {
        self.alone.contains(name) && matches!(self.texts(name), Texts::OneOf(_))
    }

    /// What a parameter may be that has no value.
    fn texts(&self, name: &str) -> Texts {
        if let Some(texts) = of_pseudo_parameter(name) {
            return texts;
        }
        let parameter = self.template.entry("Parameters", name);
        let Some(parameter) = parameter.filter(|_| !self.imports) else {
            return Texts::Written(Written::ANY);
        };
        let kind = parameter.get("Type").and_then(Value::as_str);
        let allowed = parameter.get("AllowedValues").and_then(Value::as_array);
        if let Some(allowed) = allowed.filter(|_| matches!(kind, Some("String" | "Number"))) {
            let all: Option<Vec<_>> = allowed.iter().map(written).collect();
            if let Some(all) = all.filter(|all| !all.is_empty() && all.len() <= MOST_TEXTS) {
                return Texts::OneOf(all);
            }
        }
        if kind == Some("Number") {
            return Texts::Written(Written::made_of("0123456789+-.eE", 1, None));
        }
        if kind != Some("String") {
            return Texts::Written(Written::ANY);
        }
        let pattern = parameter.get("AllowedPattern").and_then(Value::as_str);
        let of_pattern = pattern.and_then(pattern::read);
        if let Some(all) = of_pattern.as_ref().and_then(|it| it.texts.clone()) {
            return Texts::OneOf(all);
        }
        let mut known = of_pattern.map_or(Written::ANY, |it| it.written);
        let bound = |name: &str| written(parameter.get(name)?)?.parse::<usize>().ok();
        known.least = known.least.max(bound("MinLength").unwrap_or(0));
        known.most = match (known.most, bound("MaxLength")) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Texts::Written(known)
    }

    /// What is known of a name, of which a part at least is not.
    fn form(&self, name: &Evaluated) -> NameForm {
        let Evaluated::Text(parts) = name else {
            return NameForm::Any;
        };
        if let Some(texts) = self.each(parts) {
            return NameForm::OneOf(texts.into_iter().map(Box::from).collect());
        }
        let mut between = &parts[..];
        if let Some((Part::Known(_), rest)) = between.split_first() {
            between = rest;
        }
        let mut suffix = "";
        if let Some((Part::Known(text), rest)) = between.split_last() {
            (suffix, between) = (text, rest);
        }
        let (goes_on, begun) = self.goes_on(&mut between);
        let written = between.iter().map(|part| match part {
            Part::Known(text) => Written::of(text),
            Part::Unknown(label) => self.texts(label).written(),
            Part::Key { .. } => Written::ANY,
        });
        let Written {
            characters,
            least,
            most,
        } = begun
            .into_iter()
            .chain(written)
            .reduce(Written::then)
            .unwrap_or(Written::EMPTY);
        NameForm::Written {
            goes_on,
            characters,
            least,
            most,
            suffix: suffix.into(),
            made_of: None,
        }
    }

    /// The few texts with which parts begin, which are taken from these, and what follows of the part that has them.
    fn goes_on(&self, parts: &mut &[Part]) -> (Vec<Box<str>>, Option<Written>) {
        const FEW: usize = 64;
        let Some((Part::Unknown(label), rest)) = parts.split_first() else {
            return (Vec::new(), None);
        };
        let (texts, begun) = match self.texts(label) {
            Texts::OneOf(texts) => (texts, None),
            Texts::Begun(texts, written) => (texts, Some(written)),
            Texts::Written(_) => return (Vec::new(), None),
        };
        if texts.len() > FEW {
            return (Vec::new(), None);
        }
        *parts = rest;
        (texts.into_iter().map(Box::from).collect(), begun)
    }

    /// Every text of a name on whose unknown parts nothing else hangs.
    fn each(&self, parts: &[Part]) -> Option<Vec<String>> {
        let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for part in parts {
            match part {
                Part::Known(_) => {}
                Part::Key { .. } => return None,
                Part::Unknown(label) => match self.texts(label) {
                    Texts::OneOf(texts) => {
                        values.insert(label, texts);
                    }
                    Texts::Begun(..) | Texts::Written(_) => return None,
                },
            }
        }
        let counts = values.values().map(Vec::len);
        let count = counts.fold(1, usize::saturating_mul);
        let text = |number: usize| {
            let mut rest = number;
            let chosen = values.iter().map(|(label, texts)| {
                let chosen = rest.checked_rem(texts.len()).unwrap_or(0);
                rest = rest.checked_div(texts.len()).unwrap_or(0);
                (*label, texts.get(chosen))
            });
            let chosen: BTreeMap<_, _> = chosen.collect();
            let shown = |part: &Part| match part {
                Part::Known(text) => text.clone(),
                Part::Unknown(label) => {
                    let value = chosen.get(label.as_str()).copied().flatten();
                    value.cloned().unwrap_or_default()
                }
                Part::Key { .. } => String::new(),
            };
            parts.iter().map(shown).collect()
        };
        (count <= MOST_TEXTS).then(|| (0..count).map(text).collect())
    }
}

impl Template {
    /// The parameters to which one resource refers in the name of its alias, and nothing else.
    fn used_in_one_name(&self) -> &BTreeSet<String> {
        self.used_in_one_name.get_or_init(|| {
            let mut uses: BTreeMap<String, usize> = BTreeMap::new();
            let mut in_names = BTreeSet::new();
            for resource in self.resources() {
                for name in self.references(resource.logical_id) {
                    let count = uses.entry(name).or_default();
                    *count = count.saturating_add(1);
                }
                let properties = resource.properties();
                let others = properties.filter(|(name, _)| *name != "AliasName");
                let others = others.map(|(_, value)| value);
                let elsewhere = super::template::names_in(others);
                let name = resource.property("AliasName");
                let of_name = super::template::names_in(name.into_iter());
                // What is chosen by a value is another text than the value.
                let choosing = name.into_iter().flat_map(super::template::choosing);
                let choosing = super::template::names_in(choosing);
                let of_name = of_name.difference(&choosing).cloned();
                in_names.extend(of_name.filter(|name| !elsewhere.contains(name)));
            }
            let sections = ["Conditions", "Outputs", "Rules"];
            let values = sections.iter().flat_map(|section| self.section(section));
            let elsewhere = super::template::names_in(values.map(|(_, value)| value));
            in_names.retain(|name| uses.get(name) == Some(&1) && !elsewhere.contains(name));
            in_names
        })
    }
}
