//! The summary: the last lines, and always there.

use std::io::{self, Write};

use kms_alias_files::AdviceRule;
use kms_alias_foresee::verdict::{Conclusion, Place};

use super::super::report::{Counts, Report};
use crate::common::{Output, Palette, indented, printable};

pub fn print(out: &mut Output, report: &Report) -> io::Result<()> {
    let Counts {
        ok,
        refused,
        undecided,
    } = report.counts();
    let steps = match report.steps.len() {
        1 => "1 step".to_owned(),
        steps => format!("{steps} steps"),
    };
    let style = if refused > 0 {
        Palette::BAD
    } else if undecided > 0 {
        Palette::OPEN
    } else {
        Palette::GOOD
    };
    let mut counts = format!("{ok} ok, {refused} refused");
    if undecided > 0 {
        counts = format!("{counts}, {undecided} undecided");
    }
    let place = match &report.places[..] {
        [] => String::new(),
        [one] if *one == unknown() => "  (account and Region are not known)".to_owned(),
        [one] => format!("  ({one})"),
        several => format!("  ({} accounts and Regions)", several.len()),
    };
    let place = printable(&place);
    writeln!(out, "\n{style}{steps}: {counts}{style:#}{place}")?;
    for line in remarks(report, refused) {
        writeln!(out, "{}", indented(&printable(&line), 0))?;
    }
    Ok(())
}

/// How a place is shown of which nothing is known.
fn unknown() -> String {
    Place::default().to_string()
}

/// What a reader of the counts has to know.
fn remarks(report: &Report, refused: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let has = |rule: AdviceRule| report.advice.iter().any(|advice| advice.rule == rule);
    let is_partial = has(AdviceRule::F8);
    if report.steps.is_empty() && !is_partial {
        lines.push("Nothing in it creates, changes or deletes an alias.".to_owned());
    }
    if report.assumed_free == [unknown()] {
        lines.push(
            "No list of aliases is given: names that nothing mentions are assumed to be free, and quotas \
             not to be full (rule H6). `--account` takes what `aws kms list-aliases` prints."
                .to_owned(),
        );
    } else if !report.assumed_free.is_empty() {
        let places = report.assumed_free.join(", ");
        lines.push(format!(
            "No complete list of aliases of {places}: names that nothing mentions are assumed to be free, \
             and quotas not to be full (rule H6). `--account` takes what `aws kms list-aliases` prints."
        ));
    }
    if !report.assumed_replicable.is_empty() {
        let places = report.assumed_replicable.join(", ");
        lines.push(format!(
            "Replicas in {places}: one that nothing mentions is assumed not to exist yet, and a primary key that \
             nothing mentions to be one that can have replicas (rule H6)."
        ));
    }
    if report.bound_reached {
        lines.push(
            "There are more possibilities than are tried: some step is undecided for that alone. What leaves less open \
             decides it: account files (`--account`), values in place of what is not known, or a part of the \
             changes at a time."
                .to_owned(),
        );
    }
    if is_partial {
        lines.push(
            "A part is not judged, as the warnings say: whether all of it passes is not known (rule F8)."
                .to_owned(),
        );
    }
    if has(AdviceRule::F9) {
        lines.push(
            "CloudFormation refuses the update, as the warnings say, whatever KMS answers (rule F9)."
                .to_owned(),
        );
    } else if report.conclusion == Conclusion::Fails && refused == 0 {
        lines.push(
            "In every order and whatever the unknown is some step is refused, though it is not \
             always the same one."
                .to_owned(),
        );
    }
    let mut denied: Vec<_> = report
        .advice
        .iter()
        .filter(|it| report.is_denied(it))
        .collect();
    denied.sort_by_key(|advice| advice.rule);
    denied.dedup_by_key(|advice| advice.rule);
    if !denied.is_empty() {
        let rules: Vec<_> = denied.iter().map(|advice| advice.rule.number()).collect();
        lines.push(format!(
            "The run fails by warnings that `--deny` names: {}.",
            rules.join(", ")
        ));
    }
    // Where no place is known, none is counted.
    let afterwards = (report.aliases_afterwards)
        .filter(|_| !report.places.is_empty())
        .map(|count| match count {
            1 => "1 alias exists afterwards. ".to_owned(),
            count => format!("{count} aliases exist afterwards. "),
        })
        .unwrap_or_default();
    if refused > 0 {
        lines.push(format!(
            "{afterwards}A refused step changes nothing; the steps after it are judged without it."
        ));
    } else if !afterwards.is_empty() {
        lines.push(afterwards.trim_end().to_owned());
    }
    lines
}
