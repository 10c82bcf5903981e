//! A list of changes in several accounts and Regions: side by side in each.

use alloc::vec::Vec;

use crate::account::Accounts;
use crate::recognise::Kind;
use crate::run::ReadRun;
use kms_alias::{Operation, Scope, TargetKeyId};
use kms_alias_foresee::verdict::{Place, Request, Run, RunStep};

impl ReadRun {
    /// Makes each step of a list of changes a step of every place of the accounts that is among
    /// `scopes`, in the order of places. A step that names a key of another of `scopes` by its ARN does
    /// not run there.
    ///
    /// Plans and templates say themselves where each step runs: nothing is changed of them, nor where
    /// `scopes` has fewer than two.
    ///
    /// ```
    /// use kms_alias::{AccountId, Region, Scope, Timestamp};
    /// use kms_alias_files::{File, Options, RunInput, read_account, read_run};
    ///
    /// let keys = br#"{"Keys": [
    ///     {"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    ///         "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    ///     {"KeyId": "0987dcba-09fe-87dc-65ba-ab0987654321",
    ///         "KeyArn": "arn:aws:kms:eu-west-3:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"}]}"#;
    /// let mut accounts = read_account(&[File { name: "keys.json", bytes: keys }], Options::default())?;
    /// let bytes = br#"{"DeleteAlias": {"AliasName": "alias/old"}}"#;
    /// let input = RunInput::new(File { name: "changes.json", bytes }, Timestamp::from_millis(0));
    /// let mut read = read_run(&input, &mut accounts)?;
    /// let account = AccountId::from_static("111122223333");
    /// let scopes = ["eu-west-1", "eu-west-3"].map(|region| Scope::new(Region::from_static(region), account));
    /// read.over_places(&accounts, &scopes);
    /// assert_eq!(read.run.steps.len(), 2);
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    pub fn over_places(&mut self, accounts: &Accounts, scopes: &[Scope]) {
        if self.kind != Kind::Changes || scopes.len() < 2 {
            return;
        }
        let steps = core::mem::take(&mut self.run.steps);
        let changes = core::mem::take(&mut self.changes);
        let places = accounts.iter().filter_map(|(place, _)| place.scope());
        let places: Vec<Scope> = places.filter(|scope| scopes.contains(scope)).collect();
        for scope in places {
            for (step, change) in steps.iter().zip(&changes) {
                let named = match &step.request {
                    Request::Operation(operation) => named_scope(operation),
                    _ => None,
                };
                let elsewhere =
                    named.is_some_and(|named| named != scope && scopes.contains(&named));
                if !elsewhere {
                    self.run.steps.push(RunStep {
                        place: scope.into(),
                        ..step.clone()
                    });
                    self.changes.push(change.clone());
                }
            }
        }
    }
}

/// The steps of a list of changes in every place of the accounts in which they may be judged, so that of each it is
/// told which keys it has.
pub(crate) fn everywhere(accounts: &Accounts, place: Place, run: &Run) -> Run {
    let places = accounts.iter().map(|(other, _)| *other);
    let places = places.filter(|other| !other.is_apart(&place));
    let each = places.flat_map(|place| {
        let steps = run.steps.iter();
        steps.map(move |step| RunStep {
            place,
            ..step.clone()
        })
    });
    Run::listed(each.collect(), run.at)
}

/// The scope of the key that an operation names by its ARN.
pub(crate) fn named_scope(operation: &Operation) -> Option<Scope> {
    match operation.named_key()? {
        TargetKeyId::KeyArn(arn) => Some(arn.scope()),
        TargetKeyId::KeyId(_) => None,
    }
}
