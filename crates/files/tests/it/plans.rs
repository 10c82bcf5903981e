//! Plans and templates of a real shape, through the readers and the engine, to the verdicts that
//! they must get.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kms_alias::Timestamp;
use kms_alias_files::{
    Accounts, File, Options, ReadRun, RunInput, judge_run, read_account, read_run,
};
use kms_alias_foresee::verdict::{Judgement, Outcome};
use serde_json::Value;

/// The first of November 2026.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_793_491_200_000);

/// What comes of a run: each listed step as `ADDRESS OPERATION OUTCOME EXCEPTION`, and the exit
/// code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) steps: Vec<String>,
    pub(crate) exit: u8,
    pub(crate) rules: Vec<String>,
}

pub(crate) fn tell(read: &ReadRun, judgement: &Judgement) -> Told {
    let mut steps = Vec::new();
    for (step, outcome) in read.run.steps.iter().zip(&judgement.outcomes) {
        if !read.is_listed(step, outcome) {
            continue;
        }
        let address = step.address.as_deref().unwrap_or("-");
        let operation = step.request.operation();
        let said = match outcome {
            Outcome::Ok => "ok".to_owned(),
            Outcome::Refused { could_be } => format!("refused {}", could_be[0].exception),
            Outcome::Undecided { .. } => "undecided".to_owned(),
        };
        steps.push(format!("{address} {operation} {said}"));
    }
    let mut rules: Vec<_> = read
        .advice_on(judgement)
        .map(|advice| advice.rule.to_string())
        .collect();
    rules.dedup();
    Told {
        steps,
        exit: read.conclusion(judgement).exit_code(),
        rules,
    }
}

/// What comes of a file, with accounts and a running template beside it.
pub(crate) fn told(file: &str, account: Option<&str>, deployed: Option<&str>) -> Told {
    let (read, judgement) = judged(file, account, deployed);
    tell(&read, &judgement)
}

pub(crate) fn judged(
    file: &str,
    account: Option<&str>,
    deployed: Option<&str>,
) -> (ReadRun, Judgement) {
    let accounts = match account {
        Some(text) => {
            let file = File {
                name: "account",
                bytes: text.as_bytes(),
            };
            read_account(&[file], Options::default()).unwrap_or_else(|error| panic!("{error}"))
        }
        None => Accounts::unknown(Options::default()),
    };
    let mut input = RunInput::new(
        File {
            name: "changes",
            bytes: file.as_bytes(),
        },
        NOW,
    );
    input.deployed = deployed.map(|text| File {
        name: "deployed",
        bytes: text.as_bytes(),
    });
    let judged = judge_run(&input, accounts).unwrap_or_else(|error| panic!("{error}"));
    (judged.read, judged.judgement)
}

/// What comes of a file under these options.
pub(crate) fn judged_with(file: &str, options: Options) -> (ReadRun, Judgement) {
    let file = File {
        name: "changes",
        bytes: file.as_bytes(),
    };
    let judged = judge_run(&RunInput::new(file, NOW), Accounts::unknown(options));
    let judged = judged.unwrap_or_else(|error| panic!("{error}"));
    (judged.read, judged.judgement)
}

/// What a file is read as, where nothing is assumed of what it leaves open.
pub(crate) fn read(file: &str) -> ReadRun {
    let file = File {
        name: "changes",
        bytes: file.as_bytes(),
    };
    let mut accounts = Accounts::unknown(Options::default());
    let read = read_run(&RunInput::new(file, NOW), &mut accounts);
    read.unwrap_or_else(|error| panic!("{error}"))
}

fn expected(text: &str) -> (BTreeMap<String, usize>, u64) {
    let expected: Value = serde_json::from_str(text).expect("JSON");
    let mut steps = BTreeMap::new();
    for step in expected["steps"].as_array().expect("steps") {
        let said = |member: &str| step[member].as_str().unwrap_or_default();
        let line = format!(
            "{} {} {} {}",
            said("address"),
            said("operation"),
            said("outcome"),
            said("exception")
        );
        *steps.entry(line.trim_end().to_owned()).or_insert(0) += 1;
    }
    (steps, expected["exit"].as_u64().expect("an exit code"))
}

#[test]
fn every_real_plan_gets_its_verdicts() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plans");
    let mut count = 0;
    let mut wrong = Vec::new();
    for folder in fs::read_dir(data).expect("the plans") {
        let folder = folder.expect("a folder").path();
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let file = read("plan.json")
            .or(read("template.json"))
            .expect("a plan or a template");
        let (account, deployed) = (read("account.json"), read("deployed.json"));
        let told = told(&file, account.as_deref(), deployed.as_deref());
        let (steps, exit) = expected(&read("expected.json").expect("what is expected"));
        let mut found = BTreeMap::new();
        for step in &told.steps {
            *found.entry(step.clone()).or_insert(0) += 1;
        }
        count += 1;
        if (&found, u64::from(told.exit)) != (&steps, exit) {
            wrong.push(format!(
                "{}: {found:?} {} and not {steps:?} {exit}",
                folder.display(),
                told.exit
            ));
        }
    }
    assert_eq!(count, 15);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
