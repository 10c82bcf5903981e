//! What keys are called whose IDs no file tells: a made-up ID stands for each, which nobody is to read.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::run::ReadRun;
use kms_alias::KeyId;
use kms_alias_foresee::verdict::{Answer, Judgement, Need, Outcome, Possible};

/// Of made-up IDs, what they stand for.
pub(crate) type Called = BTreeMap<KeyId, Box<str>>;

impl ReadRun {
    /// What a key is called that stands and whose ID no file tells: by its resource in the template. A made-up ID
    /// stands for it in the run, and none for any other key.
    ///
    /// ```
    /// use kms_alias::{KeyId, Timestamp};
    /// use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
    ///
    /// let bytes = br#"{"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}"#;
    /// let mut input = RunInput::new(File { name: "new.json", bytes }, Timestamp::from_millis(0));
    /// input.deployed = Some(File { name: "running.json", bytes });
    /// let mut accounts = Accounts::unknown(Options::default());
    /// let read = read_run(&input, &mut accounts)?;
    /// let (_, knowledge) = accounts.iter().next().expect("a place");
    /// let (key_id, _) = knowledge.undescribed_keys().next().expect("a key");
    /// assert_eq!(read.called(&key_id), Some("Key"));
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn called(&self, key_id: &KeyId) -> Option<&str> {
        self.called.get(key_id).map(|name| &**name)
    }
}

/// Says of a verdict what a made-up ID stands for, and drops the commands that ask KMS for one.
pub(crate) fn call(judgement: &mut Judgement, called: &Called) {
    if called.is_empty() {
        return;
    }
    let called = called.iter();
    let called: Vec<_> = called
        .map(|(key_id, name)| (key_id.to_string(), &**name))
        .collect();
    for outcome in &mut judgement.outcomes {
        match outcome {
            Outcome::Ok => {}
            Outcome::Refused { could_be } => could_be.iter_mut().for_each(|it| answer(it, &called)),
            Outcome::Undecided {
                needs,
                could_be,
                settle,
            } => {
                needs.iter_mut().for_each(|it| need(it, &called));
                for possible in could_be {
                    if let Possible::Refused(it) = possible {
                        answer(it, &called);
                    }
                }
                settle
                    .retain(|command| !called.iter().any(|(made_up, _)| command.contains(made_up)));
            }
        }
    }
}

fn answer(answer: &mut Answer, called: &[(String, &str)]) {
    for (made_up, name) in called {
        if answer.message.contains(made_up) {
            let shown = ["<", name, ">"].concat();
            answer.message = answer.message.replace(made_up, &shown).into();
        }
    }
}

fn need(need: &mut Need, called: &[(String, &str)]) {
    if let Need::Key { key, .. } = need
        && let Some((_, name)) = called.iter().find(|(made_up, _)| **key == **made_up)
    {
        *key = (*name).into();
    }
}
