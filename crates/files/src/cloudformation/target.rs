//! What the target of an alias is: an ARN of the stack's own account and Region names what its ID
//! names, and one of another account, Region or service names no key here.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::evaluate::{Evaluated, Part, text_of_parts};
use super::stack::Resources;
use super::standing::STAND_IN;
use super::template::Resource;
use kms_alias::{KeyArn, Region};
use kms_alias_foresee::verdict::Place;

/// What a stack has of its place, none of it empty.
const OF_PLACE: [&str; 3] = ["AWS::Partition", "AWS::Region", "AWS::AccountId"];

/// So many fields of an ARN stand between its beginning and what it is the ARN of.
const FIELDS: usize = 4;

/// The account in place of one that is not known, where another part is wrong already.
const NO_ACCOUNT: &str = "000000000000";

impl Resources<'_> {
    /// The target of an alias; an ARN of the own account and Region by what it is the ARN of.
    pub(super) fn target(&self, alias: &Resource<'_>) -> Evaluated {
        let mut value = self.value(alias, "TargetKeyId");
        // A parameter of another stack may have the same name.
        if !alias.imports() {
            value = self.scope.begun(value);
        }
        named(value, &self.scope.place)
    }
}

/// What a value names that is the ID or the ARN of a key, or an ARN that is made of its ID.
fn named(value: Evaluated, place: &Place) -> Evaluated {
    match value {
        Evaluated::OneOf(values) => {
            let each = values.into_iter().map(|value| named(value, place));
            Evaluated::OneOf(each.collect())
        }
        Evaluated::Text(parts) => of_text(parts, place),
        other => other,
    }
}

/// The ARN of a primary key, which is in the account of the stack: where that is not known its Region is
/// told all the same. Whatever Region an ARN says that is made of the ID of a new key: it is refused.
pub(super) fn of_primary(parts: &[Part], place: &Place) -> Option<Evaluated> {
    let arn = Arn::of(parts);
    if is_more_than_a_key(parts, arn.as_ref()) {
        let shown: String = parts.iter().map(Part::shown).collect();
        return Some(Evaluated::known(&shown));
    }
    if let Some(key @ Part::Key { .. }) = parts.last() {
        return Some(Evaluated::Text(Vec::from([key.clone()])));
    }
    let arn = arn?;
    let account = Part::Unknown("AWS::AccountId".to_owned());
    if arn.fields.get(3) != Some(&account) || !matches!(arn.resource[..], [Part::Known(_)]) {
        return None;
    }
    let spelled = arn.spelled(place, &arn.resource);
    spelled.as_known().is_some().then_some(spelled)
}

fn of_text(parts: Vec<Part>, place: &Place) -> Evaluated {
    let is_known = |part: &Part| matches!(part, Part::Known(_));
    if parts.iter().all(is_known) {
        return Evaluated::Text(parts);
    }
    let arn = Arn::of(&parts);
    if is_more_than_a_key(&parts, arn.as_ref()) {
        return Evaluated::known(&Evaluated::Text(parts).shown());
    }
    let Some(arn) = arn else {
        return Evaluated::Text(parts);
    };
    let whose = arn.whose(place);
    if arn.is_of_nothing() {
        return Evaluated::known(&Evaluated::Text(parts).shown());
    }
    match (whose, &arn.resource[..]) {
        // Whatever follows, it is no ARN of a key (rule K3).
        (Whose::OfNoKey, _) => Evaluated::known(&Evaluated::Text(parts).shown()),
        // The alias of any account and Region is no key (rule K5).
        (Whose::Own | Whose::Another | Whose::OneOfUnknown, resource)
            if begins_with(resource, "alias/") =>
        {
            Evaluated::Text(arn.resource)
        }
        (Whose::Own, [Part::Known(only)]) => match only.strip_prefix("key/") {
            Some(key_id) => Evaluated::known(key_id),
            None => Evaluated::Text(parts),
        },
        (Whose::Own, [Part::Known(begin), key @ Part::Key { .. }]) if begin == "key/" => {
            let mut key = key.clone();
            if let Part::Key { is_arn, .. } = &mut key {
                *is_arn = true;
            }
            Evaluated::Text(Vec::from([key]))
        }
        (
            Whose::Another | Whose::OneOfUnknown,
            [Part::Known(begin), Part::Key { is_arn: false, .. }],
        ) if begin == "key/" => {
            let key = Part::Known(["key/", &STAND_IN.to_string()].concat());
            let spelled = arn.spelled(place, &[key]);
            match spelled.as_known().map(|text| text.parse::<KeyArn>()) {
                // It is none, whichever key it names (rules K3, K4).
                Some(Err(_)) => Evaluated::known(&Evaluated::Text(parts).shown()),
                // It is refused for its account or Region, whichever key it names (rules T2, T3).
                Some(Ok(_)) if whose == Whose::Another => spelled,
                _ => arn.seen_from(place, parts),
            }
        }
        (Whose::Another, [Part::Known(_)]) => arn.spelled(place, &arn.resource),
        (Whose::OneOfUnknown, _) => arn.seen_from(place, parts),
        _ => Evaluated::Text(parts),
    }
}

/// Whether a text has the ID or the ARN of a key in it, and more, so that it is neither the ID of a key nor
/// an ARN of one (rules K1, K3).
fn is_more_than_a_key(parts: &[Part], arn: Option<&Arn>) -> bool {
    let is_key = |part: &Part| matches!(part, Part::Key { .. });
    // What may be empty, or the beginning of an ARN, may leave a key.
    let is_told = |part: &Part| match part {
        Part::Unknown(label) => OF_PLACE.contains(&label.as_str()),
        _ => true,
    };
    let resource = arn.map_or(parts, |arn| &arn.resource);
    let is_arn_of_key = match resource {
        [Part::Known(begin), Part::Key { is_arn: false, .. }] => arn.is_some() && begin == "key/",
        [Part::Key { .. }] => arn.is_none(),
        _ => false,
    };
    parts.iter().any(is_key)
        && parts.iter().all(is_told)
        && !is_arn_of_key
        && !begins_with(resource, "alias/")
}

fn begins_with(parts: &[Part], text: &str) -> bool {
    matches!(parts, [Part::Known(begin), ..] if begin.starts_with(text))
}

/// Whose an ARN is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Of the account and Region of the stack.
    Own,
    /// Certainly of another one.
    Another,
    /// Of another service than KMS.
    OfNoKey,
    /// The account or the Region of the stack is not known.
    OneOfUnknown,
    /// A part of the ARN is not known.
    Unknown,
}

/// An ARN of which parts may not be known.
struct Arn {
    /// The partition, the service, the Region and the account; fewer, if one may have a colon in it.
    fields: Vec<Part>,
    /// What it is the ARN of.
    resource: Vec<Part>,
}

impl Arn {
    fn of(parts: &[Part]) -> Option<Self> {
        let (first, mut rest) = split(parts)?;
        if first != Part::Known("arn".to_owned()) {
            return None;
        }
        let mut fields = Vec::new();
        while fields.len() < FIELDS
            && let Some((field, after)) = split(&rest)
        {
            fields.push(field);
            rest = after;
        }
        let resource = rest;
        let mut arn = Self { fields, resource };
        // Where it is of another partition, it is of another Region: refused in either case.
        if let Some(Part::Known(region)) = arn.fields.get(2)
            && let Ok(region) = region.parse::<Region>()
            && let Some(partition @ Part::Unknown(_)) = arn.fields.first_mut()
            && *partition == Part::Unknown("AWS::Partition".to_owned())
        {
            *partition = Part::Known(region.partition().as_str().to_owned());
        }
        Some(arn)
    }

    /// Whether it is the ARN of neither a key nor an alias, wherever it is (rule K3).
    fn is_of_nothing(&self) -> bool {
        let is_told = |field: &Part| match field {
            Part::Unknown(label) => OF_PLACE.contains(&label.as_str()),
            _ => true,
        };
        let is_whole = self.fields.len() == FIELDS && self.fields.iter().all(is_told);
        let of_one = |only: &str| only.starts_with("key/") || only.starts_with("alias/");
        is_whole && matches!(&self.resource[..], [Part::Known(only)] if !of_one(only))
    }

    /// What is known of a place, with what stands for each part of it that is not.
    fn of_place(place: &Place) -> [(Option<String>, &'static str); 4] {
        let partition = place.partition().map(|it| it.as_str().to_owned());
        let region = place.region.map(|it| it.as_str().to_owned());
        let account = place.account.map(|it| it.as_str().to_owned());
        [
            (partition, "AWS::Partition"),
            (Some("kms".to_owned()), ""),
            (region, "AWS::Region"),
            (account, "AWS::AccountId"),
        ]
    }

    fn whose(&self, place: &Place) -> Whose {
        let mut whose = Whose::Own;
        let mut given = self.fields.iter();
        for (known, pseudo) in Self::of_place(place) {
            let of_field = match (given.next(), known) {
                (Some(Part::Known(text)), Some(known)) if *text == known => Whose::Own,
                // What is not known in front of it may have the service in it.
                (Some(Part::Known(_)), Some(_)) if pseudo.is_empty() && whose != Whose::Unknown => {
                    return Whose::OfNoKey;
                }
                (Some(Part::Known(_)), Some(_)) => Whose::Another,
                (Some(Part::Known(_)), None) => Whose::OneOfUnknown,
                (Some(Part::Unknown(label)), None) if label == pseudo => Whose::Own,
                _ => Whose::Unknown,
            };
            whose = match (whose, of_field) {
                (Whose::Unknown, _) | (_, Whose::Unknown) => Whose::Unknown,
                (Whose::Another, _) | (_, Whose::Another) => Whose::Another,
                (Whose::OneOfUnknown, _) => Whose::OneOfUnknown,
                (_, of_field) => of_field,
            };
        }
        whose
    }

    /// The ARN as a text, with the place of the stack for what is not known of it; as it is where that is
    /// not known either.
    fn spelled(&self, place: &Place, resource: &[Part]) -> Evaluated {
        let of_place = Self::of_place(place);
        let fields = self.fields.iter().zip(of_place);
        let fields = fields.map(|(field, (known, pseudo))| match field {
            Part::Unknown(_) if pseudo == "AWS::AccountId" => Part::Known(NO_ACCOUNT.to_owned()),
            Part::Unknown(_) => known.map_or_else(|| field.clone(), Part::Known),
            field => field.clone(),
        });
        let colon = || Part::Known(":".to_owned());
        let mut parts = Vec::from([Part::Known("arn".to_owned())]);
        for field in fields {
            parts.extend([colon(), field]);
        }
        parts.push(colon());
        parts.extend_from_slice(resource);
        text_of_parts(parts)
    }

    /// The ARN, with what has to be known of the stack to tell whether it is one of its own.
    fn seen_from(&self, place: &Place, parts: Vec<Part>) -> Evaluated {
        // The account of a stack is not any other one.
        let is_told = matches!(self.fields.get(3), Some(Part::Known(_)));
        if let ([Part::Known(_)], true) = (&self.resource[..], is_told) {
            let spelled = self.spelled(place, &self.resource);
            if spelled.as_known().is_some() {
                return spelled;
            }
        }
        let mut shown = parts;
        let asked = [
            (
                " seen from the Region ",
                place.region.is_none(),
                "AWS::Region",
            ),
            (
                " seen from the account ",
                place.account.is_none(),
                "AWS::AccountId",
            ),
        ];
        for (words, is_asked, pseudo) in asked {
            if is_asked && !shown.contains(&Part::Unknown(pseudo.to_owned())) {
                shown.push(Part::Known(words.to_owned()));
                shown.push(Part::Unknown(pseudo.to_owned()));
            }
        }
        text_of_parts(shown)
    }
}

/// What comes before the first colon, if it is one part, and what comes after.
fn split(parts: &[Part]) -> Option<(Part, Vec<Part>)> {
    let (first, others) = parts.split_first()?;
    if let Part::Known(text) = first {
        let (before, after) = text.split_once(':')?;
        let mut rest = Vec::new();
        if !after.is_empty() {
            rest.push(Part::Known(after.into()));
        }
        rest.extend_from_slice(others);
        return Some((Part::Known(before.into()), rest));
    }
    let (Part::Known(next), others) = others.split_first()? else {
        return None;
    };
    let after = next.strip_prefix(':')?;
    let mut rest = Vec::new();
    if !after.is_empty() {
        rest.push(Part::Known(after.into()));
    }
    rest.extend_from_slice(others);
    Some((first.clone(), rest))
}
