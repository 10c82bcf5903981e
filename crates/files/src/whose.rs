//! Whose account and which Region, where a plan or an assembly does not tell: providers of other credentials,
//! or stacks without an environment, may act in one account all the same, or in two.
//!
//! Each question is a comparison that is assumed either way: the verdict holds in all of them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::run::Assumption;
use kms_alias::{AccountId, Region};
use kms_alias_foresee::verdict::{Need, Place};

/// An account or a Region: known, or that of a kind of provider blocks or stacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose<T> {
    Known(T),
    /// What decides it, so that what is alike in it has one.
    Of(String),
}

/// Where a resource is, as far as its plan tells by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Where {
    pub(crate) account: Whose<AccountId>,
    pub(crate) region: Whose<Region>,
    /// What runs there, such as `provider aws.west`; empty where all does of which the place is not told.
    pub(crate) who: String,
    /// Whether a plan says the account, and the Region, by an expression whose value it does not have.
    pub(crate) is_account_said: bool,
    pub(crate) is_region_said: bool,
    /// The Regions of which it is one, where these are known.
    pub(crate) regions: Vec<Region>,
}

impl Where {
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.account, Whose::Of(_)) || matches!(self.region, Whose::Of(_))
    }
}

/// What steps at a place are about: where two places share none of it, it is all one whether they
/// are the same.
#[derive(Default)]
pub(crate) struct Touched<'i> {
    pub(crate) names: BTreeSet<&'i str>,
    pub(crate) keys: BTreeSet<&'i str>,
    /// Whether a step is about an alias whose name is not known.
    pub(crate) is_any_name: bool,
    /// The keys that are made, by the numbers of their resources, and those of which an alias may name one.
    pub(crate) made: BTreeSet<usize>,
    pub(crate) names_made: BTreeSet<usize>,
    /// Whether there is a step at all.
    pub(crate) is_touched: bool,
}

/// The accounts and Regions of what a plan does not tell.
#[derive(Default)]
pub(crate) struct Settled {
    accounts: BTreeMap<String, (Option<AccountId>, u16)>,
    regions: BTreeMap<String, (Option<Region>, u16)>,
    /// The first comparison that is neither told nor assumed.
    pub(crate) open: Option<Assumption>,
}

impl Settled {
    /// Settles what places leave open, by what steps there are about.
    pub(crate) fn of(
        touched: &BTreeMap<&Where, Touched<'_>>,
        accounts: &Accounts,
        assumed: &[Assumption],
    ) -> Self {
        let files: Vec<Place> = accounts.iter().map(|(place, _)| *place).collect();
        let mut questions = Questions {
            touched,
            files: &files,
            assumed,
            open: None,
            is_of_regions: false,
        };
        let accounts = questions.settle(&Part {
            what: "account",
            of: |place| &place.account,
            of_file: |file| file.account,
            fits: &|place, file| match &place.region {
                Whose::Known(region) => file.region == Some(*region),
                Whose::Of(_) => true,
            },
            may_meet: |one, other| may_be_one(&one.region, &other.region),
            is_said: |place| place.is_account_said,
            one_of: |_| &[],
        });
        questions.is_of_regions = true;
        let regions = questions.settle(&Part {
            what: "Region",
            of: |place| &place.region,
            of_file: |file| file.region,
            fits: &|place, file| match &place.account {
                Whose::Known(account) => file.account == Some(*account),
                Whose::Of(label) => match accounts.get(label) {
                    Some((Some(account), _)) => file.account == Some(*account),
                    _ => true,
                },
            },
            may_meet: |one, other| may_be_one(&one.account, &other.account),
            is_said: |place| place.is_region_said,
            one_of: |place| &place.regions,
        });
        Self {
            open: questions.open,
            accounts,
            regions,
        }
    }

    /// The place, with what was settled; places that are taken to be two have different numbers.
    pub(crate) fn place(&self, place: &Where) -> Place {
        let (account, one) = match &place.account {
            Whose::Known(account) => (Some(*account), 0),
            Whose::Of(label) => self.accounts.get(label).copied().unwrap_or_default(),
        };
        let (region, other) = match &place.region {
            Whose::Known(region) => (Some(*region), 0),
            Whose::Of(label) => self.regions.get(label).copied().unwrap_or_default(),
        };
        /// As many Regions are told apart of each account.
        const MOST: u16 = 256;
        Place {
            partition: region.map(|region| region.partition()),
            region,
            account,
            number: one.saturating_mul(MOST).saturating_add(other),
        }
    }
}

fn may_be_one<T: PartialEq>(one: &Whose<T>, other: &Whose<T>) -> bool {
    match (one, other) {
        (Whose::Known(one), Whose::Known(other)) => one == other,
        _ => true,
    }
}

impl<'i> Touched<'i> {
    /// Whether what happens at one place can matter to the other, were they one.
    fn meets(&self, other: &Self) -> bool {
        let is_about_names = |one: &Self| one.is_any_name || !one.names.is_empty();
        self.is_touched
            && other.is_touched
            && (!self.names.is_disjoint(&other.names)
                || !self.keys.is_disjoint(&other.keys)
                || !self.made.is_disjoint(&other.names_made)
                || !self.names_made.is_disjoint(&other.made)
                || (self.is_any_name && is_about_names(other))
                || (other.is_any_name && is_about_names(self)))
    }
}

/// The ID in an ARN of a key, or the ID itself.
pub(crate) fn id(text: &str) -> Option<&str> {
    text.rsplit(":key/").next()
}

/// What is settled of places: their accounts, or their Regions.
struct Part<'f, T> {
    what: &'static str,
    of: fn(&Where) -> &Whose<T>,
    of_file: fn(&Place) -> Option<T>,
    /// Whether a place may be that of a file, by the other part.
    fits: &'f dyn Fn(&Where, &Place) -> bool,
    /// Whether two places may be one, by the other part.
    may_meet: fn(&Where, &Where) -> bool,
    is_said: fn(&Where) -> bool,
    /// Of what it is one, where that is known.
    one_of: fn(&Where) -> &[T],
}

/// What is asked, and what was assumed of it.
struct Questions<'q, 'i> {
    touched: &'q BTreeMap<&'q Where, Touched<'i>>,
    files: &'q [Place],
    assumed: &'q [Assumption],
    open: Option<Assumption>,
    is_of_regions: bool,
}

impl Questions<'_, '_> {
    /// Settles either all accounts or all Regions: each that is not known is one of the known ones,
    /// that of another provider, or one of its own. Where the plan says none at all, and there is no
    /// other, it is the only one of the files (ours).
    fn settle<T: Copy + Ord + ToString>(
        &mut self,
        part: &Part<'_, T>,
    ) -> BTreeMap<String, (Option<T>, u16)> {
        let mut labels: BTreeMap<&String, Vec<&Where>> = BTreeMap::new();
        let mut known: BTreeMap<T, Vec<&Where>> = BTreeMap::new();
        for place in self.touched.keys() {
            match (part.of)(place) {
                Whose::Known(value) => known.entry(*value).or_default().push(place),
                Whose::Of(label) => labels.entry(label).or_default().push(place),
            }
        }
        let is_only = labels.len() == 1;
        let mut settled: BTreeMap<String, (Option<T>, u16)> = BTreeMap::new();
        // Those that have an account or Region of their own, in the order of their numbers.
        let mut own: Vec<(String, Vec<&Where>)> = Vec::new();
        for (label, places) in labels {
            let fitting = self
                .files
                .iter()
                .filter(|file| places.iter().any(|place| (part.fits)(place, file)));
            let fitting: BTreeSet<T> = fitting.filter_map(part.of_file).collect();
            if let (true, 1, Some(one)) = (is_only, fitting.len(), fitting.first())
                && !known.contains_key(one)
                && !places.iter().any(|place| (part.is_said)(place))
            {
                settled.insert(label.clone(), (Some(*one), 0));
                continue;
            }
            let subject = subject(part.what, &places);
            let fitting = fitting.into_iter().filter(|_| self.are_touched(&places));
            let in_files: BTreeSet<T> = fitting.collect();
            let (candidates, last) = self.candidates(part, &places, &known, &in_files);
            let found = candidates.into_iter().find(|value| {
                let other = format!("{} {}", part.what, value.to_string());
                self.is_assumed(&subject, &other)
            });
            let found = found.or(last);
            let found = found.map(|value| (Some(value), 0));
            let found = found.unwrap_or_else(|| {
                let same = own.iter().position(|(other, of_other)| {
                    self.meet(&places, of_other, part.may_meet) && self.is_assumed(&subject, other)
                });
                let number = same.unwrap_or(own.len());
                if same.is_none() {
                    own.push((subject, places));
                }
                (None, u16::try_from(number).unwrap_or(u16::MAX))
            });
            settled.insert(label.clone(), found);
        }
        settled
    }

    /// What places may be that have one label, where it matters; and what they are otherwise, if it is one of a few.
    fn candidates<T: Copy + Ord>(
        &self,
        part: &Part<'_, T>,
        places: &[&Where],
        known: &BTreeMap<T, Vec<&Where>>,
        in_files: &BTreeSet<T>,
    ) -> (Vec<T>, Option<T>) {
        let matters = |value: &T| {
            let others = known.get(value).map_or(&[][..], Vec::as_slice);
            in_files.contains(value) || self.meet(places, others, part.may_meet)
        };
        let one_of = places.first().map_or(&[][..], |place| (part.one_of)(place));
        if one_of.is_empty() {
            let all: BTreeSet<T> = known.keys().chain(in_files).copied().collect();
            return (all.into_iter().filter(matters).collect(), None);
        }
        let (mut candidates, mut others): (Vec<T>, Vec<T>) =
            one_of.iter().copied().partition(matters);
        let last = others.pop().or_else(|| candidates.pop());
        (candidates, last)
    }

    fn are_touched(&self, places: &[&Where]) -> bool {
        let touched = |place: &&Where| self.touched.get(*place).is_some_and(|it| it.is_touched);
        places.iter().any(touched)
    }

    /// Whether it matters that places are those of others.
    fn meet(
        &self,
        places: &[&Where],
        others: &[&Where],
        may_meet: impl Fn(&Where, &Where) -> bool,
    ) -> bool {
        places.iter().any(|one| {
            others.iter().any(|other| {
                let pair = self.touched.get(*one).zip(self.touched.get(*other));
                may_meet(one, other) && pair.is_some_and(|(one, other)| one.meets(other))
            })
        })
    }

    /// Whether it is assumed that these are one; what nothing is assumed of is asked.
    fn is_assumed(&mut self, subject: &str, other: &str) -> bool {
        let is_it = |one: &&Assumption| &*one.value == subject && &*one.compared_with == other;
        if let Some(assumed) = self.assumed.iter().find(is_it) {
            return assumed.holds;
        }
        if self.open.is_none() {
            self.open = Some(Assumption {
                value: subject.into(),
                compared_with: other.into(),
                holds: true,
                need: match self.is_of_regions {
                    true => Need::Region,
                    false => Need::Account,
                },
            });
        }
        false
    }
}

fn subject(what: &str, places: &[&Where]) -> String {
    match places.first().map(|place| &*place.who) {
        Some(who) if !who.is_empty() => format!("the {what} of {who}"),
        _ => format!("the {what}"),
    }
}
