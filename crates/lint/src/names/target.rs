//! The key that an alias names: K1, K3, K5, and T2 where the Region is known.

use std::ops::Range;
use std::sync::LazyLock;

use kms_alias::{Region, Rule, TargetKeyId};

use super::judge::Mistake;
use crate::text::{HOLE, Text, shown};

/// What is wrong with a target, whatever a run fills its holes with.
///
/// The Region is that of the alias, where it is certain.
pub(crate) fn judge_target(text: &Text, region: Option<&str>) -> Option<Mistake> {
    if text.has_holes() {
        judge_form(text).or_else(|| judge_region(text, region))
    } else {
        judge_literal(text).or_else(|| judge_region(text, region))
    }
}

/// A reference is the target, and what it refers to is an alias (rule K5).
pub(crate) fn target_is_an_alias(reference: &str, at: Range<usize>) -> Mistake {
    Mistake {
        rule: Rule::K5,
        at,
        message: format!(
            "{} is an alias, and the target of an alias is a key ID or a key ARN",
            shown(reference)
        ),
    }
}

/// What is no key where a key is wanted, and an alias is not taken (rule K8).
pub(crate) fn judge_key(text: &Text) -> Option<Mistake> {
    let value = text.as_str();
    let is_arn = value.starts_with("arn:") && value.contains(":kms:");
    let byte = if value.starts_with("alias/") {
        0
    } else {
        value.find(":alias/").filter(|_| is_arn)?
    };
    Some(key_is_an_alias(value, text.at_byte(byte)))
}

/// The ARN of a key that has an alias where the ID of the key stands (rule K1).
pub(crate) fn alias_as_key_id(text: &Text) -> Option<Mistake> {
    let value = text.as_str();
    let byte = value.find(":key/alias/")?;
    let is_arn = value.starts_with("arn:") && value.get(..byte)?.contains(":kms:");
    is_arn.then(|| Mistake {
        rule: Rule::K1,
        at: text.at_byte(byte),
        message: format!(
            "{} is the ARN of no key: behind `key/` stands the ID of a key; the ARN of an alias has \
             `alias/` in the place of `key/alias/`",
            shown(value)
        ),
    })
}

/// What SAM puts `key/` before, and has it already: the resource is the ARN of no key (rule K1).
pub(crate) fn judge_key_id_of_sam(text: &Text) -> Option<Mistake> {
    let value = text.as_str();
    let kind = match value {
        _ if value.starts_with("arn:") => "an ARN",
        _ if value.starts_with("key/") => "the end of an ARN",
        _ => return None,
    };
    Some(Mistake {
        rule: Rule::K1,
        at: text.at_byte(0),
        message: format!(
            "{} is {kind}, and SAM puts `arn:…:key/` before this `KeyId`, so that the statement allows no key: give \
             the ID of the key alone",
            shown(value)
        ),
    })
}

/// What refers to an alias, where the alias of a key is not taken (rule K8).
pub(crate) fn key_is_an_alias(reference: &str, at: Range<usize>) -> Mistake {
    Mistake {
        rule: Rule::K8,
        at,
        message: format!(
            "{} is an alias, and the operation that this makes names its key by a key ID or a key ARN",
            shown(reference)
        ),
    }
}

fn judge_literal(text: &Text) -> Option<Mistake> {
    let target = text.as_str();
    let error = target.parse::<TargetKeyId>().err()?;
    if let Some(at) = upper_case_id(target) {
        let message = format!(
            "{} is no target of an alias: KMS finds no key by an ID with upper-case digits (NotFoundException); \
             write it in lower case",
            shown(target)
        );
        let (rule, at) = (Rule::K1, text.at_byte(at));
        return Some(Mistake { rule, at, message });
    }
    let names_an_alias = target.starts_with("alias/") || target.starts_with("arn:");
    // What names neither key nor alias is a malformed key ID.
    let rule = match error.rule() {
        Rule::K5 if !names_an_alias => Rule::K1,
        other => other,
    };
    let at = match rule {
        Rule::K5 => text.at_byte(target.find(":alias/").unwrap_or_default()),
        _ => text.at_byte(error.position()),
    };
    let of_arn = rule == Rule::K1 && target.starts_with("arn:");
    let place = if of_arn {
        " in the key ID behind `key/`"
    } else {
        ""
    };
    let expected = format!("{}{place}", error.expected());
    Some(mistake(rule, at, target, &expected))
}

/// The first upper-case digit of a key ID that is one in lower case; all else of an ARN is right.
fn upper_case_id(target: &str) -> Option<usize> {
    let start = match target.find(":key/") {
        Some(at) => at.saturating_add(5),
        None if target.contains(':') => return None,
        None => 0,
    };
    let (before, key_id) = target.split_at_checked(start)?;
    let at = key_id.find(|digit: char| matches!(digit, 'A'..='F'))?;
    let lower = [before, &key_id.to_ascii_lowercase()].concat();
    let is_target = lower.parse::<TargetKeyId>().is_ok();
    is_target.then(|| start.saturating_add(at))
}

fn mistake(rule: Rule, at: Range<usize>, target: &str, expected: &str) -> Mistake {
    let target = shown(target);
    let message = format!("{target} is no target of an alias: expected {expected}");
    Mistake { rule, at, message }
}

/// A text with holes, which nothing can fill so that it becomes a key ID or a key ARN.
fn judge_form(text: &Text) -> Option<Mistake> {
    let target = text.as_str();
    let stopped = furthest(target)?;
    let alias = if target.starts_with("alias/") {
        Some(0)
    } else {
        target.find(":alias/")
    };
    Some(match alias {
        Some(byte) => {
            let expected = "a key ID or a key ARN, not an alias";
            mistake(Rule::K5, text.at_byte(byte), target, expected)
        }
        None if target.starts_with("arn:") && is_in_key_id(target, stopped) => {
            let expected = "a key ID behind `key/`";
            mistake(Rule::K1, text.at_byte(stopped), target, expected)
        }
        None if target.starts_with("arn:") => {
            let at = text.at_byte(stopped);
            mistake(
                Rule::K3,
                at,
                target,
                "`arn:PARTITION:kms:REGION:ACCOUNT:key/KEY-ID`",
            )
        }
        None => mistake(
            Rule::K1,
            text.at_byte(stopped),
            target,
            "a key ID or a key ARN",
        ),
    })
}

/// Whether a byte of an ARN is behind `key/`.
fn is_in_key_id(target: &str, byte: usize) -> bool {
    let start = target.find(":key/").map(|at| at.saturating_add(5));
    start.is_some_and(|start| start <= byte)
}

/// An ARN of what is no Region, or of another one than that of the alias (rule T2).
fn judge_region(text: &Text, region: Option<&str>) -> Option<Mistake> {
    let target = text.as_str();
    let parts: Vec<&str> = target.split(':').collect();
    // With five colons no hole can hold another one.
    let [_, _, _, of_target, _, _] = parts.as_slice() else {
        return None;
    };
    if of_target.contains(HOLE) {
        return None;
    }
    let before: usize = parts
        .iter()
        .take(3)
        .map(|part| part.len().saturating_add(1))
        .sum();
    if let Err(error) = of_target.parse::<Region>() {
        let at = text.at_byte(before);
        return Some(mistake(error.rule(), at, target, error.expected()));
    }
    let region = region.filter(|region| region != of_target)?;
    Some(Mistake {
        rule: Rule::T2,
        at: text.at_byte(before),
        message: format!(
            "{} is a key in {}, and the alias is made in {}: an alias and its key are in one Region",
            shown(target),
            shown(of_target),
            shown(region),
        ),
    })
}

/// A form that a target can have, as elements that follow one another. Each set of elements is the bits
/// of a number, the first element the lowest; no form has as many elements as there are bits.
struct Form {
    elements: Vec<Element>,
    /// Those of which there may be any number, also none.
    many: u128,
}

/// One element of a form.
#[derive(Clone, Copy)]
enum Element {
    /// One character of a class.
    One(fn(char) -> bool),
    Exactly(char),
    /// Any number of characters of a class.
    Many(fn(char) -> bool),
}

const fn is_hex(character: char) -> bool {
    matches!(character, '0'..='9' | 'a'..='f')
}

const fn is_of_scope(character: char) -> bool {
    matches!(character, '0'..='9' | 'a'..='z' | '-')
}

fn literal(text: &'static str) -> impl Iterator<Item = Element> {
    text.chars().map(Element::Exactly)
}

fn key_ids() -> [Vec<Element>; 2] {
    let hex = |count| std::iter::repeat_n(Element::One(is_hex), count);
    let mut uuid: Vec<_> = hex(8).collect();
    for count in [4, 4, 4, 12] {
        uuid.extend(literal("-").chain(hex(count)));
    }
    [uuid, literal("mrk-").chain(hex(32)).collect()]
}

/// The forms of a target. Those of a scope are wider than they need be, which is the safe side.
static FORMS: LazyLock<[Form; 4]> = LazyLock::new(|| {
    let scope = Element::Many(is_of_scope);
    let digits = std::iter::repeat_n(Element::One(|digit| digit.is_ascii_digit()), 12);
    let head: Vec<_> = literal("arn:")
        .chain([scope])
        .chain(literal(":kms:"))
        .chain([scope])
        .chain(literal(":"))
        .chain(digits)
        .chain(literal(":key/"))
        .collect();
    let [uuid, multi_region] = key_ids();
    let arn = |id: &[Element]| [head.as_slice(), id].concat();
    [arn(&uuid), arn(&multi_region), uuid, multi_region].map(Form::new)
});

/// The byte beyond which no form follows the text; none if some form does to its end.
fn furthest(text: &str) -> Option<usize> {
    let stops: Option<Vec<usize>> = FORMS.iter().map(|form| form.stop(text)).collect();
    stops?.into_iter().max()
}

impl Form {
    fn new(elements: Vec<Element>) -> Self {
        let mut many = 0;
        for (index, element) in elements.iter().enumerate() {
            if matches!(element, Element::Many(_)) {
                many |= bit(index);
            }
        }
        Self { elements, many }
    }

    /// Where it stops following a text in which holes are any text; none if it does not.
    fn stop(&self, text: &str) -> Option<usize> {
        let mut reached = self.without_many(bit(0));
        for (byte, character) in text.char_indices() {
            reached = if character == HOLE {
                // Whatever stands behind the first that is reached, and the end.
                let below = bit(usize::try_from(reached.trailing_zeros()).ok()?).wrapping_sub(1);
                !below & (bit(self.elements.len()) | bit(self.elements.len()).wrapping_sub(1))
            } else {
                self.without_many(self.follow(character, reached))
            };
            if reached == 0 {
                return Some(byte);
            }
        }
        let is_at_end = reached & bit(self.elements.len()) != 0;
        (!is_at_end).then_some(text.len())
    }

    /// What is reached after one character more.
    fn follow(&self, character: char, reached: u128) -> u128 {
        let (mut next, mut left) = (0, reached);
        while left != 0 {
            let index = left.trailing_zeros();
            let here = 1_u128.wrapping_shl(index);
            left &= !here;
            let element = usize::try_from(index).ok();
            match element.and_then(|index| self.elements.get(index)) {
                Some(Element::One(class)) if class(character) => next |= here.wrapping_shl(1),
                Some(Element::Exactly(own)) if *own == character => next |= here.wrapping_shl(1),
                Some(Element::Many(class)) if class(character) => next |= here,
                _ => {}
            }
        }
        next
    }

    /// Many can be none. No two of them follow one another.
    const fn without_many(&self, reached: u128) -> u128 {
        reached | (reached & self.many).wrapping_shl(1)
    }
}

fn bit(index: usize) -> u128 {
    u32::try_from(index).map_or(0, |index| 1_u128.wrapping_shl(index))
}
