//! Whom the steps touch: uses through aliases, and keys under conditions.

use std::io::{self, Write};

use kms_alias_foresee::verdict::name_shown;
use kms_alias_foresee::{RequestedBy, Standing};

use super::super::access::Access;
use super::super::arguments::Arguments;
use super::super::report::{Report, Step};
use super::super::uses::{UseEffect, Uses};
use super::steps::title;
use crate::common::{Output, item, printable};

/// As many items are shown unless all are asked for.
const MOST: usize = 10;

/// As many aliases are named in one item unless all are asked for.
const MOST_ALIASES: usize = 5;

/// What is said of a step: our words, and below them words that are KMS's and stay whole.
struct Item {
    ours: String,
    kms: Option<String>,
}

pub fn print_uses(out: &mut Output, report: &Report, arguments: &Arguments) -> io::Result<()> {
    let listed = report.steps.iter();
    let listed = listed.map(|step| (step, format!("step {}", step.number)));
    let hidden = report.hidden.iter().map(|step| (step, hidden(step)));
    let mut touching: Vec<_> = listed.chain(hidden).collect();
    touching.sort_by_key(|(step, _)| step.number);
    let of_steps = touching.iter().flat_map(|(step, who)| {
        let items = step.uses.iter();
        items.map(move |uses| about_uses(who, ONE, uses, arguments))
    });
    let items: Vec<_> = of_steps.collect();
    if items.is_empty() && report.uses.is_empty() {
        return Ok(());
    }
    title(out, "Uses through aliases (rule S6)")?;
    let all = arguments.impact || arguments.verbose;
    print_items(out, &items, all, "--impact")?;
    if arguments.impact {
        print_together(out, report, arguments)?;
    }
    Ok(())
}

/// What a step is called that is not listed.
fn hidden(step: &Step) -> String {
    let address = step.address.as_deref().unwrap_or_default();
    let of = if address.is_empty() { "" } else { " of " };
    format!("step {} ({}{of}{address})", step.number, step.operation)
}

/// What is left of it after the last step, where several steps touch somebody.
fn print_together(out: &mut Output, report: &Report, arguments: &Arguments) -> io::Result<()> {
    let steps = report.steps.iter().chain(&report.hidden);
    let mut touching = steps.filter(|step| !step.uses.is_empty());
    if let (Some(only), None) = (touching.next(), touching.next())
        && (report.uses.is_empty() || report.uses == only.uses)
    {
        return Ok(());
    }
    let who = if report.steps_not_certain().next().is_some() {
        "all steps together, but for what is not certain,"
    } else {
        "all steps together"
    };
    let mut items: Vec<_> = (report.uses.iter())
        .map(|uses| about_uses(who, SEVERAL, uses, arguments))
        .collect();
    if items.is_empty() {
        items.push(Item {
            ours: format!("{who} change nothing: they take each other back"),
            kms: None,
        });
    }
    print_items(out, &items, true, "")
}

/// What is done to uses: that they break, or that they start to work.
type Verbs = [&'static str; 2];

const ONE: Verbs = ["breaks", "starts"];
const SEVERAL: Verbs = ["break", "start"];
const IF_IT_PASSES: Verbs = ["would break", "would start"];

fn about_uses(who: &str, [breaks, starts]: Verbs, uses: &Uses, arguments: &Arguments) -> Item {
    let what = if arguments.verbose {
        let names = uses.operations.iter().map(|operation| operation.as_str());
        names.collect::<Vec<_>>().join(", ")
    } else {
        uses.words.clone()
    };
    let through = aliases(&uses.aliases, arguments.verbose);
    let [breaks, starts] = if uses.is_certain {
        [breaks, starts]
    } else {
        IF_IT_PASSES
    };
    let (effect, kms) = match &uses.effect {
        UseEffect::Breaks(why) => (breaks, Some(format!("{why} (rule {})", why.rule()))),
        UseEffect::Starts => (starts, None),
        UseEffect::Open { may, .. } => {
            let (may, why) = (may.as_str(), uses.effect.why().unwrap_or_default());
            let ours = format!("{who} may {may} uses through {through}: {why}");
            return Item { ours, kms: None };
        }
    };
    Item {
        ours: format!("{who} {effect} {what} through {through}"),
        kms,
    }
}

fn aliases(names: &[String], all: bool) -> String {
    let most = if all { usize::MAX } else { MOST_ALIASES };
    let named: Vec<_> = names.iter().take(most).map(String::as_str).collect();
    let named = named.join(", ");
    match names.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

pub fn print_access(out: &mut Output, report: &Report, arguments: &Arguments) -> io::Result<()> {
    if report.access.is_none() {
        return Ok(());
    }
    title(
        out,
        "Conditions on aliases, up to five minutes after a step (rules P4, P5)",
    )?;
    let mut items = Vec::new();
    for step in &report.steps {
        for access in &step.access {
            let words = about_access(access);
            let taken_back = if access.lasts || !access.is_certain {
                ""
            } else {
                "; a later step takes this back"
            };
            items.push(Item {
                ours: format!("step {} {words}{taken_back}", step.number),
                kms: None,
            });
        }
    }
    if items.is_empty() {
        items.push(Item {
            ours: "no step changes which keys come under them".to_owned(),
            kms: None,
        });
    }
    print_items(out, &items, arguments.verbose, "--verbose")
}

/// What a change does, without the delay, which the title tells.
fn about_access(access: &Access) -> String {
    let change = &access.change;
    let [brings, takes] = if access.is_certain {
        ["brings", "takes"]
    } else {
        ["would bring", "would take"]
    };
    let by = match change.requested_by() {
        RequestedBy::Any => String::new(),
        RequestedBy::Key => ", asked for by key ID or ARN,".to_owned(),
        RequestedBy::Alias(name) => format!(", asked for by {},", name_shown(name.as_str())),
    };
    let (key_id, condition) = (change.key_id(), change.condition());
    let words = if change.comes_under() {
        format!("{brings} key {key_id}{by} under `{condition}`")
    } else {
        format!("{takes} key {key_id}{by} out of `{condition}`")
    };
    if change.before() == Standing::Denied {
        format!("{words}: it has no more aliases than the quota again")
    } else if change.after() == Standing::Denied {
        format!("{words}: with more aliases than the quota it is denied")
    } else {
        words
    }
}

/// The items; where some are left out, the flag that shows them all.
fn print_items(out: &mut Output, items: &[Item], all: bool, flag: &str) -> io::Result<()> {
    let most = if all { usize::MAX } else { MOST };
    for Item { ours, kms } in items.iter().take(most) {
        writeln!(out, "{}", item(&printable(ours), 2))?;
        if let Some(kms) = kms {
            writeln!(out, "    {}", printable(kms))?;
        }
    }
    match items.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more: {flag} shows them all"),
    }
}
