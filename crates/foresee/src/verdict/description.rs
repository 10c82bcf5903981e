//! What CreateKey asks for, and what refuses it (rules M, K7).

use std::collections::BTreeSet;

use kms_alias::model::{Given, Path, Violations};
use kms_alias::{
    AccountId, ImpossibleKey, KeyArn, KeyId, KeyMetadata, KeySpec, KeyUsage, KmsOperation, Origin,
    Partition, Refusal, Region, Scope,
};

use super::facts::KeyFacts;
use super::outcome::{Answer, Fact};
use super::place::Place;

/// What may come out of a CreateKey, whatever stands in the account.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub(super) may_succeed: bool,
    /// With what it may be refused.
    pub(super) refusals: Vec<Answer>,
    /// What that depends on.
    pub(super) depends_on: Vec<DependsOn>,
}

/// What the outcome of a CreateKey depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DependsOn {
    /// A fact of the key that it asks for.
    Fact(Fact),
    /// Which key the primary key is.
    Primary(Box<str>),
    /// The Region in which it is asked.
    Region,
}

/// Everything that rule M asks of a key before it is made.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked {
    spec: KeySpec,
    usage: KeyUsage,
    origin: Origin,
    multi_region: bool,
    partition: Partition,
}

/// In which part of it two keys can differ.
const PARTS: [DependsOn; 5] = [
    DependsOn::Fact(Fact::KeyType),
    DependsOn::Fact(Fact::KeyUsage),
    DependsOn::Fact(Fact::Origin),
    DependsOn::Fact(Fact::MultiRegion),
    DependsOn::Region,
];

impl Asked {
    /// Why there can be no such key.
    fn judge(&self) -> Result<(), ImpossibleKey> {
        let region = match self.partition {
            Partition::AwsCn => Region::from_static("cn-north-1"),
            _ => Region::from_static("eu-west-3"),
        };
        let scope = Scope::new(region, AccountId::from_static("111122223333"));
        let arn = KeyArn::new(scope, KeyId::new([1; 16], self.multi_region));
        let key = KeyMetadata::builder(arn)
            .spec(self.spec)
            .usage(self.usage)
            .origin(self.origin);
        key.build().map(|_| ())
    }

    fn differs(&self, other: &Self, part: &DependsOn) -> bool {
        match part {
            DependsOn::Fact(Fact::KeyType) => self.spec != other.spec,
            DependsOn::Fact(Fact::KeyUsage) => self.usage != other.usage,
            DependsOn::Fact(Fact::Origin) => self.origin != other.origin,
            DependsOn::Fact(Fact::MultiRegion) => self.multi_region != other.multi_region,
            _ => self.partition != other.partition,
        }
    }
}

impl Description {
    /// Whether there can be a key of which so much is known.
    pub(super) fn is_possible(key: &KeyFacts, place: Place) -> bool {
        every(key, place).iter().any(|asked| asked.judge().is_ok())
    }

    /// What may come out of it, of which so much is known and these facts are open.
    pub(super) fn of(key: &KeyFacts, open: &[Fact], place: Place) -> Self {
        let mut found = Self {
            may_succeed: false,
            refusals: Vec::new(),
            depends_on: Vec::new(),
        };
        let judged: Vec<_> = every(key, place)
            .into_iter()
            .map(|asked| (asked, asked.judge()))
            .collect();
        let mut refusals = BTreeSet::new();
        for (asked, judged) in &judged {
            match judged {
                Ok(()) => found.may_succeed = true,
                Err(impossible) => {
                    refusals.insert(refused(asked, *impossible, key));
                }
            }
        }
        refusals.extend(open.iter().filter_map(|fact| none_of_kms(*fact)));
        found.refusals = refusals.into_iter().collect();
        for part in PARTS {
            let is_open = matches!(&part, DependsOn::Fact(fact) if open.contains(fact));
            if is_open || decides(&judged, &part) {
                found.depends_on.push(part);
            }
        }
        found
    }
}

/// Everything that can be asked for of which so much is known.
fn every(key: &KeyFacts, place: Place) -> Vec<Asked> {
    fn each<T: Copy>(known: Option<T>, all: &[T]) -> Vec<T> {
        known.map_or_else(|| all.to_vec(), |known| vec![known])
    }
    // One partition stands for all that are not China's.
    let partitions = each(place.partition(), &[Partition::Aws, Partition::AwsCn]);
    let multi_region = each(key.multi_region, &[false, true]);
    let mut every = Vec::new();
    for spec in each(key.spec, KeySpec::ALL) {
        for usage in each(key.usage, KeyUsage::ALL) {
            for origin in each(key.origin, Origin::ALL) {
                for multi_region in multi_region.iter().copied() {
                    every.extend(partitions.iter().map(|partition| Asked {
                        spec,
                        usage,
                        origin,
                        multi_region,
                        partition: *partition,
                    }));
                }
            }
        }
    }
    every
}

/// Whether one part alone decides whether there can be such a key.
fn decides(judged: &[(Asked, Result<(), ImpossibleKey>)], part: &DependsOn) -> bool {
    let possible = judged.iter().filter(|(_, judged)| judged.is_ok());
    let mut impossible = judged.iter().filter(|(_, judged)| judged.is_err());
    let possible: Vec<&Asked> = possible.map(|(asked, _)| asked).collect();
    impossible.any(|(asked, _)| {
        possible.iter().any(|other| {
            let mut differing = PARTS.iter().filter(|part| asked.differs(other, part));
            differing.next() == Some(part) && differing.next().is_none()
        })
    })
}

/// KMS's words, with placeholders for what is not known.
fn refused(asked: &Asked, impossible: ImpossibleKey, key: &KeyFacts) -> Answer {
    let refusal = Refusal::ImpossibleKey(impossible);
    let mut message = refusal.to_string();
    if !matches!(impossible, ImpossibleKey::Sm2Outside(_)) {
        let shown = [
            (key.spec.is_none(), asked.spec.as_str(), Fact::KeyType),
            (key.usage.is_none(), asked.usage.as_str(), Fact::KeyUsage),
            (key.origin.is_none(), asked.origin.as_str(), Fact::Origin),
        ];
        for (is_unknown, name, fact) in shown {
            if is_unknown {
                message = message.replace(name, &placeholder(fact));
            }
        }
    }
    Answer {
        rule: refusal.rule(),
        exception: refusal.exception(),
        message: message.into(),
    }
}

fn placeholder(fact: Fact) -> String {
    format!("<{fact}>")
}

/// What KMS answers to a value that is none of its own (rule K7).
fn none_of_kms(fact: Fact) -> Option<Answer> {
    let name = match fact {
        Fact::KeyType => "KeySpec",
        Fact::KeyUsage => "KeyUsage",
        Fact::Origin => "Origin",
        _ => return None,
    };
    let members = KmsOperation::CreateKey.members();
    let member = members.iter().find(|member| member.name == name)?;
    let mut violations = Violations::default();
    let value = placeholder(fact);
    violations.check(&Path::Member(None, name), member, Given::Text(&value));
    let refusal = Refusal::Constraints(violations);
    Some(Answer {
        rule: refusal.rule(),
        exception: refusal.exception(),
        message: refusal.to_string().into(),
    })
}
