//! The cases of what is not known before a run is read: names, accounts and Regions.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hashbrown::HashMap;
use kms_alias::{
    AliasName, KeyArn, KeyMetadata, KeyType, KeyUsage, KmsOperation, Operation, Region,
    RequestText, ReservedNames, Scope,
};

use super::alike::Alike;
use super::apart::Groups;
use super::identity::{Identity, identities};
use super::knowledge::Knowledge;
use super::name_form::NameForm;
use super::place::Place;
use super::request::{KeyReference, NameReference, Request, UnknownName};
use super::run::Run;
use super::stand_in_name::{STAND_IN_NAME, new_name};
use super::task::Case;

/// What can differ between cases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unknown {
    /// The name of this label.
    Name(Place, Box<str>),
    /// The account and Region of this place.
    Scope(Place),
    /// The key of this label.
    Key(Place, Box<str>),
}

/// A value of what is unknown; none is a value that nothing else has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    New,
    /// None that KMS takes: texts that stand for the ways in which it can be so.
    Malformed(Vec<Box<str>>),
    Name(Box<str>),
    Scope(Scope),
    Key(Identity),
}

/// What is unknown in a run, each with its possible values.
pub(super) type Unknowns = BTreeMap<Unknown, Vec<Value>>;

/// What is unknown in a run; `alike` are the names of which each may be another of them, where that
/// is to be looked at.
pub(super) fn unknowns(
    run: &Run,
    knowledge: &BTreeMap<Place, Knowledge>,
    alike: &Alike<'_>,
) -> Unknowns {
    let mut unknowns = identities(run, knowledge);
    unknowns.values_mut().for_each(|keys| keys.push(Value::New));
    let mentioned = mentioned(run);
    let mut there = There::default();
    for step in &run.steps {
        let (name, key) = step.request.references();
        if let Some(NameReference::Unknown(unknown)) = name {
            let key = Unknown::Name(step.place, unknown.label.clone());
            let nothing = Mentioned::default();
            let mentioned = mentioned.get(&step.place).unwrap_or(&nothing);
            let known = knowledge.get(&step.place);
            let values = || {
                let there = there.of(mentioned, step.place, known, unknown);
                names(&there, step.place, unknown, known, alike)
            };
            unknowns.entry(key).or_insert_with(values);
        }
        let named = match (&step.request, key) {
            (
                Request::ReplicateKey {
                    primary: KeyReference::Text(_),
                    primary_place,
                    ..
                },
                _,
            ) => primary_place.scope(),
            (_, Some(KeyReference::Text(text))) => {
                let arn: Option<KeyArn> = text.parse().ok();
                arn.map(|arn| arn.scope())
            }
            _ => None,
        };
        if let (None, Some(named)) = (step.place.scope(), named) {
            for scope in scopes(step.place, named) {
                let values = unknowns.entry(Unknown::Scope(step.place)).or_default();
                values.extend([Value::New, Value::Scope(scope)]);
            }
        }
    }
    for values in unknowns.values_mut() {
        values.sort_unstable();
        values.dedup();
    }
    unknowns.retain(|_, values| *values != [Value::New]);
    unknowns
}

/// The scopes that a place may have and that differ in what KMS says to an ARN of another scope: its
/// account may be that of the ARN though its Region is another (rule T2, otherwise T3).
fn scopes(place: Place, named: Scope) -> Vec<Scope> {
    let is_possible = place
        .account
        .is_none_or(|account| account == named.account())
        && place
            .partition()
            .is_none_or(|partition| partition == named.partition());
    if !is_possible {
        return Vec::new();
    }
    let of = |region| Scope::new(region, named.account());
    match (place.region, place.account) {
        (Some(region), None) => vec![of(region)],
        (Some(_), Some(_)) => Vec::new(),
        (None, Some(_)) => vec![named],
        (None, None) => [named]
            .into_iter()
            .chain(another(named.region()).map(of))
            .collect(),
    }
}

/// A Region of the same partition that is another one.
fn another(region: Region) -> Option<Region> {
    let (before, _) = region.as_str().rsplit_once('-')?;
    let of_number = |number: u8| format!("{before}-{number}").parse::<Region>().ok();
    [9, 8]
        .into_iter()
        .filter_map(of_number)
        .find(|other| *other != region && other.partition() == region.partition())
}

/// The names that an unknown one may be: one like no other, each that steps of its place mention,
/// and of those that stand there one for each kind of key that steps can tell apart.
fn names(
    there: &BTreeSet<Box<str>>,
    place: Place,
    unknown: &UnknownName,
    known: Option<&Knowledge>,
    alike: &Alike<'_>,
) -> Vec<Value> {
    let reading = reading(known);
    let samples = unknown.samples().filter(|_| !unknown.is_unique);
    let malformed = match &samples {
        Some(samples) => of_each_rule(samples, reading),
        None => malformed(unknown, reading),
    };
    let malformed = (!malformed.is_empty()).then_some(Value::Malformed(malformed));
    if unknown.is_unique {
        return [Value::New].into_iter().chain(malformed).collect();
    }
    let is_name = |text: &str| AliasName::parse_with(text, reading).is_ok();
    let mut taken = there.clone();
    taken.extend(alike.names(place, unknown).filter(|name| is_name(name)));
    let is_other = |text: &str| {
        let stands = known.is_some_and(|known| known.stands_on(text).is_some());
        !stands && !taken.contains(text)
    };
    let can_be_new = match (unknown.texts(), samples) {
        (Some(texts), _) => texts.iter().any(|text| is_name(text) && is_other(text)),
        (None, Some(samples)) => samples.iter().any(|text| is_name(text)),
        (None, None) => true,
    };
    let new = can_be_new.then_some(Value::New);
    let taken = taken.into_iter().map(Value::Name);
    new.into_iter().chain(taken).chain(malformed).collect()
}

/// A place's reading of rule A4.
fn reading(known: Option<&Knowledge>) -> ReservedNames {
    known.map_or_else(ReservedNames::default, |known| {
        known.table().reserved_names()
    })
}

/// A text for each way in which a name can be none that KMS takes, as far as its beginning leaves
/// that open. Such a step changes nothing, whichever way it is: one case stands for all of them.
fn malformed(unknown: &UnknownName, reading: ReservedNames) -> Vec<Box<str>> {
    const ALIAS: &str = "alias/";
    const RESERVED: &str = "alias/aws/";
    let prefix = &*unknown.prefix;
    if unknown.is_unique && !prefix.is_empty() {
        return Vec::new();
    }
    let name = new_name(unknown);
    let ending = name.find(STAND_IN_NAME).and_then(|at| name.get(at..));
    let ending = ending.unwrap_or_default();
    let texts = [
        String::new(),
        [prefix, ending].concat(),
        ALIAS.into(),
        [&name, "~"].concat(),
        [&name, ":"].concat(),
        // Longer than any name (rule A2).
        [&name, &*"0".repeat(256)].concat(),
        [RESERVED, ending].concat(),
    ];
    let is_malformed =
        |text: &String| text.starts_with(prefix) && AliasName::parse_with(text, reading).is_err();
    let texts = texts.into_iter().filter(is_malformed);
    texts.map(Box::from).collect()
}

/// Of texts that are no names, one for each rule that they break.
fn of_each_rule(texts: &[String], reading: ReservedNames) -> Vec<Box<str>> {
    let mut rules = BTreeSet::new();
    let mut found = Vec::new();
    for text in texts {
        let parts = RequestText {
            alias_name: Some(text),
            ..RequestText::default()
        };
        if let Err(refusal) = Operation::parse(KmsOperation::DeleteAlias, &parts, reading)
            && rules.insert((refusal.rule(), refusal.exception()))
        {
            found.push(text.as_str().into());
        }
    }
    found
}

/// What steps of a place mention.
#[derive(Default)]
struct Mentioned {
    names: BTreeSet<Box<str>>,
    keys: BTreeSet<String>,
}

/// The names and keys that the steps of each place mention.
fn mentioned(run: &Run) -> BTreeMap<Place, Mentioned> {
    let mut places: BTreeMap<Place, Mentioned> = BTreeMap::new();
    for step in &run.steps {
        let Mentioned { names, keys } = places.entry(step.place).or_default();
        names.extend(step.request.alias_name().map(Box::from));
        keys.extend(step.request.key_id().map(|key_id| key_id.to_string()));
    }
    places
}

/// A kind of key on which an alias stands: a key that steps name, or any of a type and usage.
type Standing = (Option<String>, Option<(KeyType, KeyUsage)>);

/// What is known of a name that is not known whole: its beginning and its form.
type KnownPart<'r> = (&'r str, &'r NameForm);

/// Names in their order, each with what is said of it.
type Sorted<T> = Vec<(Box<str>, T)>;

/// The names that unknown ones may be because they are there, found once for all of which as much is known.
#[derive(Default)]
struct There<'r> {
    /// Of each place the names that are mentioned, and those of the aliases that stand.
    places: BTreeMap<Place, (Sorted<()>, Sorted<Standing>)>,
    may_be: HashMap<(Place, KnownPart<'r>), Rc<BTreeSet<Box<str>>>>,
}

impl<'r> There<'r> {
    /// The names that an unknown one may be of those that are mentioned or stand: of these one for each
    /// kind of key.
    fn of(
        &mut self,
        mentioned: &Mentioned,
        place: Place,
        known: Option<&Knowledge>,
        unknown: &'r UnknownName,
    ) -> Rc<BTreeSet<Box<str>>> {
        let alike = (place, (&*unknown.prefix, &unknown.form));
        if let Some(found) = self.may_be.get(&alike) {
            return Rc::clone(found);
        }
        let (mentioned, standing) = self.places.entry(place).or_insert_with(|| {
            let Mentioned { names, keys } = mentioned;
            let reading = reading(known);
            let is_name = |name: &str| AliasName::parse_with(name, reading).is_ok();
            let names = names.iter().filter(|name| is_name(name));
            let stand = known.into_iter().flat_map(|known| standing(known, keys));
            let mut stand: Vec<_> = stand.filter(|(name, _)| is_name(name)).collect();
            stand.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            (names.map(|name| (name.clone(), ())).collect(), stand)
        });
        let found = that_may_be(mentioned, unknown).map(|(name, ())| name.clone());
        let mut found: BTreeSet<Box<str>> = found.collect();
        let mut kinds = BTreeSet::new();
        for (name, kind) in that_may_be(standing, unknown) {
            if !found.contains(name) && kinds.insert(kind) {
                found.insert(name.clone());
            }
        }
        let found = Rc::new(found);
        self.may_be.insert(alike, Rc::clone(&found));
        found
    }
}

/// Of sorted names those that an unknown one may be.
fn that_may_be<'s, T>(
    sorted: &'s [(Box<str>, T)],
    unknown: &UnknownName,
) -> impl Iterator<Item = &'s (Box<str>, T)> {
    let texts: &[Box<str>] = match &unknown.form {
        NameForm::OneOf(texts) => texts,
        _ => &[],
    };
    let one = |text: &str| {
        let place = sorted.binary_search_by(|(name, _)| (**name).cmp(text));
        sorted.get(place.ok()?)
    };
    let prefix = &*unknown.prefix;
    let first = match &unknown.form {
        NameForm::OneOf(_) => sorted.len(),
        _ => sorted.partition_point(|(name, _)| **name < *prefix),
    };
    let begin = sorted.get(first..).unwrap_or_default();
    let begin = begin
        .iter()
        .take_while(move |(name, _)| name.starts_with(prefix));
    let begin = begin.filter(|(name, _)| unknown.may_be(name));
    let found: Vec<_> = texts
        .iter()
        .filter_map(|text| one(text))
        .chain(begin)
        .collect();
    found.into_iter()
}

/// The aliases that stand in a place, with the kind of key on which each does. A key that is not
/// described is like no other.
fn standing<'k>(
    known: &'k Knowledge,
    keys: &'k BTreeSet<String>,
) -> impl Iterator<Item = (Box<str>, Standing)> + 'k {
    known.table().iter().filter_map(|alias| {
        let key = alias.target_key_id()?;
        let is: Option<&KeyMetadata> = known.table().key(key);
        let kind = is.map(|key| (key.key_type(), key.usage()));
        let text = key.to_string();
        let named = (is.is_none() || keys.contains(&text)).then_some(text);
        Some((Box::from(alias.name()), (named, kind)))
    })
}

/// Cases, each with the numbers of the values that are chosen in it.
pub(super) type Cases = Vec<(Vec<usize>, Case)>;

/// How many cases there are; none if they are too many to count.
pub(super) fn count(unknowns: &Unknowns) -> Option<usize> {
    let mut counts = unknowns.values().map(Vec::len);
    counts.try_fold(1_usize, usize::checked_mul)
}

/// The cases that are looked at.
pub(super) enum Choice {
    /// Every one.
    Every,
    /// Every one of each group, those of different groups side by side.
    OfEachGroup,
    /// Some.
    Some,
}

/// Every case; if they are more than so many, every case of each group; and some cases only, if these
/// are more than so many.
pub(super) fn cases(unknowns: &Unknowns, groups: &Groups, most: usize) -> (Cases, Choice) {
    let is_few = |count: Option<usize>| count.is_some_and(|count| count <= most);
    let counts = groups.counts(unknowns);
    let (chosen, choice) = if is_few(count(unknowns)) {
        let one = vec![0; unknowns.len()];
        let count = count(unknowns).unwrap_or(0);
        let each = (0..count).map(|number| chosen(unknowns, &one, number));
        (each.collect::<Vec<_>>(), Choice::Every)
    } else if counts.values().all(|count| is_few(*count)) {
        let most = counts.values().copied().flatten().max().unwrap_or(1);
        let each = (0..most).map(|number| chosen(unknowns, &groups.of_unknown, number));
        (each.collect(), Choice::OfEachGroup)
    } else {
        (some_cases(unknowns, most), Choice::Some)
    };
    let cases = chosen.into_iter().map(|it| of(unknowns, it));
    (cases.collect(), choice)
}

/// The values that are chosen in the case of this number of each group, which begin again after their
/// last.
fn chosen(unknowns: &Unknowns, groups: &[usize], number: usize) -> Vec<usize> {
    let mut rest: BTreeMap<usize, usize> = BTreeMap::new();
    let each = groups.iter().zip(unknowns.values()).map(|(group, values)| {
        let rest = rest.entry(*group).or_insert(number);
        let chosen = rest.checked_rem(values.len()).unwrap_or(0);
        *rest = rest.checked_div(values.len()).unwrap_or(0);
        chosen
    });
    each.collect()
}

/// So many cases are tried where not all can be.
const MOST_SINGLE: usize = 100;

/// The case in which each of the unknown is like no other, which is its first value; those in which
/// each has another of its values; and those that differ from the first in one value.
fn some_cases(unknowns: &Unknowns, most: usize) -> Vec<Vec<usize>> {
    let first = vec![0; unknowns.len()];
    let longest = unknowns.values().map(Vec::len).max().unwrap_or(1);
    let all = (1..longest).map(|number| {
        let last = |values: &Vec<Value>| values.len().saturating_sub(1).min(number);
        unknowns.values().map(last).collect()
    });
    let others = unknowns.values().enumerate().flat_map(|(place, values)| {
        let first = &first;
        (1..values.len()).map(move |number| {
            let mut chosen = first.clone();
            if let Some(at) = chosen.get_mut(place) {
                *at = number;
            }
            chosen
        })
    });
    let chosen = [first.clone()].into_iter().chain(all).chain(others);
    chosen.take(most.clamp(1, MOST_SINGLE)).collect()
}

fn of(unknowns: &Unknowns, chosen: Vec<usize>) -> (Vec<usize>, Case) {
    let mut case = Case::default();
    for ((unknown, values), number) in unknowns.iter().zip(&chosen) {
        if let Some(value) = values.get(*number) {
            choose(&mut case, unknown, value);
        }
    }
    (chosen, case)
}

fn choose(case: &mut Case, unknown: &Unknown, value: &Value) {
    match (unknown, value) {
        (Unknown::Name(place, label), Value::Name(name)) => {
            case.names.insert((*place, label.clone()), name.clone());
        }
        (Unknown::Name(place, label), Value::Malformed(texts)) => {
            case.malformed
                .insert((*place, label.clone()), texts.clone());
        }
        (Unknown::Scope(place), Value::Scope(scope)) => {
            case.scopes.insert(*place, *scope);
        }
        (Unknown::Key(place, label), Value::Key(identity)) => {
            case.keys.insert((*place, label.clone()), identity.clone());
        }
        _ => {}
    }
}
