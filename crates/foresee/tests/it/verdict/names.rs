//! Names that are not known, exhaustively in small worlds: every text that a name can be, through
//! the closed table.

use std::collections::BTreeSet;

use kms_alias::{
    AliasListEntry, AliasTable, KeyArn, KeyMetadata, KeySpec, KeyUsage, KmsOperation, Operation,
    RequestText, ReservedNames, Rule,
};
use kms_alias_foresee::verdict::{
    AliasList, Conclusion, KeyList, Knowledge, NameForm, NameReference, Need, Outcome, Possible,
    Request, Run, RunStep, UnknownName, judge,
};

use kms_alias_testing::half_known::{AT, SCOPE, key_id};
use kms_alias_testing::size;

/// The names of the world: two stand, on keys of two usages, and the third is free.
const NAMES: [&str; 3] = ["alias/a-0", "alias/a-1", "alias/b-2"];

/// What else a name can be, for each way in which a rule tells texts apart.
fn others(label: usize) -> Vec<String> {
    let begins = [
        "alias/a-",
        "alias/",
        "alias/aws-",
        "alias/aws/",
        "other/",
        "a",
        "",
    ];
    let ends = [" x", ":x", "", &"x".repeat(256)];
    let text = |begin: &str| ends.map(|end| format!("{begin}fresh{label}{end}"));
    let mut texts: Vec<_> = begins.iter().flat_map(|begin| text(begin)).collect();
    texts.extend(["alias/".to_owned(), String::new()]);
    texts
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Known(usize),
    /// One of two labels, and what it begins with.
    Unknown(usize, &'static str),
    /// A name with an ending of its own.
    Unique(usize, &'static str),
    /// One of some texts.
    OneOf(usize, &'static [&'static str]),
    /// What it begins with, the characters that follow, and the least and the most of them.
    Written(usize, &'static str, &'static str, usize, usize),
}

/// Names of which more is known than their beginning.
const OF_A_FORM: [Name; 9] = [
    Name::OneOf(20, &["alias/a-0", "alias/b-2"]),
    Name::OneOf(21, &["alias/x", "alias/y"]),
    Name::OneOf(22, &["alias/y", "bad"]),
    Name::OneOf(23, &["alias/a-0", "alias/a-1"]),
    Name::OneOf(24, &["alias/aws-1", "alias/aws/2", "x y"]),
    Name::Written(30, "alias/", "xy", 0, 1),
    Name::Written(31, "alias/a-", "01", 1, 1),
    Name::Written(32, "alias/a", "ws", 2, 2),
    Name::Written(33, "", ":x", 1, 2),
];

#[derive(Clone, Copy, Debug)]
struct Ask {
    operation: KmsOperation,
    name: Name,
    key: usize,
}

fn table(quota: u32, standing: usize) -> AliasTable {
    let mut parts = AliasTable::new(SCOPE)
        .with_aliases_per_key(quota)
        .snapshot();
    let key = |number| KeyMetadata::builder(KeyArn::new(SCOPE, key_id(number)));
    parts.keys.push(key(0).build().expect("a key"));
    let signs = key(1).spec(KeySpec::Rsa2048).usage(KeyUsage::SignVerify);
    parts.keys.push(signs.build().expect("a key"));
    for (number, name) in NAMES.iter().take(standing).enumerate() {
        let name = name.parse().expect("a name");
        parts
            .aliases
            .push(AliasListEntry::new(name, Some(key_id(number))));
    }
    parts.into_table().expect("a table")
}

fn request(ask: Ask) -> Request {
    let of_form = |label: usize, prefix: &str, is_unique, form| {
        NameReference::Unknown(UnknownName {
            label: format!("var.{label}").into(),
            prefix: prefix.into(),
            is_unique,
            form,
        })
    };
    let unknown = |label, prefix, is_unique| of_form(label, prefix, is_unique, NameForm::Any);
    let alias_name = match ask.name {
        Name::Known(number) => NAMES[number].into(),
        Name::Unknown(label, prefix) => unknown(label, prefix, false),
        Name::Unique(label, prefix) => unknown(label, prefix, true),
        Name::OneOf(label, texts) => {
            let texts = texts.iter().map(|text| Box::from(*text)).collect();
            of_form(label, "", false, NameForm::OneOf(texts))
        }
        Name::Written(label, prefix, characters, least, most) => {
            let form = NameForm::Written {
                goes_on: Vec::new(),
                characters: characters.chars().collect(),
                least,
                most: Some(most),
                suffix: "".into(),
                made_of: None,
            };
            of_form(label, prefix, false, form)
        }
    };
    let target_key_id = key_id(ask.key).to_string().as_str().into();
    match ask.operation {
        KmsOperation::CreateAlias => Request::CreateAlias {
            alias_name,
            target_key_id,
        },
        KmsOperation::UpdateAlias => Request::UpdateAlias {
            alias_name,
            target_key_id,
        },
        _ => Request::DeleteAlias { alias_name },
    }
}

/// Every text that a name can be.
fn texts(name: Name) -> Vec<String> {
    let begins = |prefix: &'static str| move |text: &String| text.starts_with(prefix);
    match name {
        Name::Known(number) => vec![NAMES[number].to_owned()],
        Name::Unknown(label, prefix) => {
            let known = NAMES.iter().map(|name| (*name).to_owned());
            let other_labels = (0..2).flat_map(others);
            let _ = label;
            let of_form = OF_A_FORM.into_iter().flat_map(texts);
            let all: BTreeSet<_> = known.chain(other_labels).chain(of_form).collect();
            all.into_iter().filter(begins(prefix)).collect()
        }
        Name::OneOf(_, texts) => texts.iter().map(|text| (*text).to_owned()).collect(),
        Name::Written(_, prefix, characters, least, most) => {
            let mut all = vec![prefix.to_owned()];
            let mut last = all.clone();
            for _ in 0..most {
                let longer = |text: &String| {
                    let begun = text.clone();
                    characters.chars().map(move |one| format!("{begun}{one}"))
                };
                last = last.iter().flat_map(longer).collect();
                all.extend(last.iter().cloned());
            }
            all.retain(|text| text.len() >= prefix.len() + least);
            all
        }
        // The ending keeps it apart from all others.
        Name::Unique(label, "") => others(label + 10),
        Name::Unique(label, prefix) => vec![format!("{prefix}unique{label}")],
    }
}

/// The rule that each step breaks, if it breaks one.
type Broken = Vec<Option<Rule>>;

fn run_once(table: &AliasTable, asks: &[Ask], names: &[(Name, String)]) -> Broken {
    let mut table = table.clone();
    let one = |ask: &Ask| {
        let name = names.iter().find(|(name, _)| *name == ask.name);
        let key = key_id(ask.key).to_string();
        let text = RequestText {
            alias_name: name.map(|(_, text)| text.as_str()),
            target_key_id: (ask.operation != KmsOperation::DeleteAlias).then_some(&key),
            ..RequestText::default()
        };
        let operation = Operation::parse(ask.operation, &text, ReservedNames::default());
        let answer = operation.and_then(|operation| table.apply(&operation, AT));
        answer.err().map(|refusal| refusal.rule())
    };
    asks.iter().map(one).collect()
}

/// What came of all completions.
fn truth(
    table: &AliasTable,
    asks: &[Ask],
    count: &mut usize,
) -> (Vec<BTreeSet<Option<Rule>>>, Conclusion) {
    let mut names: Vec<Name> = Vec::new();
    for ask in asks {
        if !names.contains(&ask.name) {
            names.push(ask.name);
        }
    }
    let mut open: Vec<Vec<(Name, String)>> = vec![Vec::new()];
    for name in names {
        let with = |chosen: &Vec<(Name, String)>| {
            let more = texts(name).into_iter().map(|text| {
                let mut chosen = chosen.clone();
                chosen.push((name, text));
                chosen
            });
            more.collect::<Vec<_>>()
        };
        open = open.iter().flat_map(with).collect();
    }
    let mut broken = vec![BTreeSet::new(); asks.len()];
    let (mut clean, mut refused) = (false, false);
    for chosen in open {
        *count += 1;
        let one = run_once(table, asks, &chosen);
        clean |= one.iter().all(Option::is_none);
        refused |= one.iter().any(Option::is_some);
        for (all, one) in broken.iter_mut().zip(one) {
            all.insert(one);
        }
    }
    let conclusion = match (clean, refused) {
        (true, false) => Conclusion::Passes,
        (false, _) => Conclusion::Fails,
        _ => Conclusion::Undecided,
    };
    (broken, conclusion)
}

fn said(outcome: &Outcome) -> BTreeSet<Option<Rule>> {
    match outcome {
        Outcome::Ok => [None].into(),
        Outcome::Refused { could_be } => could_be.iter().map(|answer| Some(answer.rule)).collect(),
        Outcome::Undecided {
            could_be, needs, ..
        } => {
            assert!(!needs.contains(&Need::BoundReached), "{needs:?}");
            assert!(needs.iter().any(|need| matches!(need, Need::Name { .. })));
            let rule = |possible: &Possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule),
            };
            could_be.iter().map(rule).collect()
        }
    }
}

#[test]
fn every_pair_of_steps_on_names_that_are_not_known_a1_a2_a3_a4_a6_u1() {
    let names = [
        Name::Known(0),
        Name::Known(2),
        Name::Unknown(0, ""),
        Name::Unknown(0, "alias/"),
        Name::Unknown(1, "alias/a-"),
        Name::Unknown(1, "alias/aws"),
        Name::Unknown(1, "a"),
        Name::Unknown(0, "other/"),
        Name::Unique(0, "alias/u-"),
        Name::Unique(1, ""),
        Name::Unique(1, "alias/aws-"),
    ];
    let names = names.into_iter().chain(OF_A_FORM);
    let operations = [
        KmsOperation::CreateAlias,
        KmsOperation::UpdateAlias,
        KmsOperation::DeleteAlias,
    ];
    let mut asks = Vec::new();
    for name in names {
        for operation in operations {
            let is_of_form = matches!(name, Name::OneOf(..) | Name::Written(..));
            for key in 0..2 {
                if key == 0 || (operation != KmsOperation::DeleteAlias && !is_of_form) {
                    asks.push(Ask {
                        operation,
                        name,
                        key,
                    });
                }
            }
        }
    }
    // One pair of thirteen in the short size, which has each ask as the first and as the second.
    let step = size(13, 1);
    assert!(!asks.len().is_multiple_of(13));
    let (mut pairs, mut worlds, mut completions, mut undecided) = (0_usize, 0, 0, 0);
    for (quota, standing) in [(1, 2), (50, 2), (50, 0)] {
        let table = table(quota, standing);
        for first in &asks {
            for second in &asks {
                pairs += 1;
                if !pairs.is_multiple_of(step) {
                    continue;
                }
                // A label is one name: what it begins with is not said in two ways.
                let label = |name: Name| match name {
                    Name::Known(_) => None,
                    Name::Unknown(label, _)
                    | Name::Unique(label, _)
                    | Name::OneOf(label, _)
                    | Name::Written(label, ..) => Some(label),
                };
                let same = label(first.name).is_some() && label(first.name) == label(second.name);
                if same && first.name != second.name {
                    continue;
                }
                let mut knowledge = Knowledge::from(table.clone());
                knowledge.alias_list = AliasList::Complete;
                knowledge.key_list = KeyList::Complete;
                let steps = [first, second].map(|ask| RunStep::new(SCOPE, request(*ask)));
                let judgement = judge(&Run::listed(steps.to_vec(), AT), vec![knowledge]);
                let (broken, conclusion) = truth(&table, &[*first, *second], &mut completions);
                worlds += 1;
                for (outcome, broken) in judgement.outcomes.iter().zip(&broken) {
                    undecided += usize::from(matches!(outcome, Outcome::Undecided { .. }));
                    assert_eq!(said(outcome), *broken, "{first:?} {second:?} {quota}");
                }
                assert_eq!(
                    judgement.conclusion, conclusion,
                    "{first:?} {second:?} {quota}"
                );
            }
        }
    }
    println!("unknown names: {worlds} worlds, {completions} completions, {undecided} undecided");
    assert!(undecided > 1_000 / step);
}

/// A step whose shape is wrong stands between others that contend.
#[test]
fn a_malformed_step_among_steps_that_contend_hides_none_of_them_a1() {
    let step = |name: Name, after: &[usize]| {
        let ask = Ask {
            operation: KmsOperation::CreateAlias,
            name,
            key: 0,
        };
        let mut step = RunStep::new(SCOPE, request(ask));
        step.after = after.to_vec();
        step
    };
    let mut malformed = step(Name::Known(0), &[0]);
    malformed.request = Request::CreateAlias {
        alias_name: "no-alias".into(),
        target_key_id: key_id(0).to_string().as_str().into(),
    };
    let steps = vec![
        step(Name::Known(2), &[]),
        malformed,
        step(Name::Known(2), &[1]),
        step(Name::Known(2), &[]),
    ];
    let mut knowledge = Knowledge::from(table(50, 2));
    knowledge.alias_list = AliasList::Complete;
    let judgement = judge(&Run::partial(steps, AT), vec![knowledge]);
    let kinds: Vec<_> = judgement.outcomes.iter().map(said_any).collect();
    assert_eq!(kinds[1], [Some(Rule::A1)].into());
    assert_eq!(kinds[0], [None, Some(Rule::A6)].into());
    assert_eq!(kinds[2], [Some(Rule::A6)].into());
    assert_eq!(kinds[3], [None, Some(Rule::A6)].into());
    assert_eq!(judgement.conclusion, Conclusion::Fails);
}

fn said_any(outcome: &Outcome) -> BTreeSet<Option<Rule>> {
    match outcome {
        Outcome::Undecided { could_be, .. } => could_be
            .iter()
            .map(|possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule),
            })
            .collect(),
        outcome => said(outcome),
    }
}
