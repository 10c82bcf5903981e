//! The stacks of an assembly that run, by what was handed in of them: which of the new ones each is.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::manifest::{self, Listed, MANIFEST, find};
use super::nested::nested_templates;
use super::stack::environment;
use crate::advice::{Advice, AdviceRule};
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::recognise::{Kind, recognise};
use crate::run::RunInput;
use crate::text;
use kms_alias_foresee::verdict::Place;

/// A stack that runs.
pub(super) struct Runs<'f> {
    /// What its manifest has of it; nothing where there is none.
    pub(super) listed: Option<Listed>,
    /// Its template, if that is among the files.
    pub(super) file: Option<File<'f>>,
}

/// The stacks that run: those that new ones follow, by the numbers of these, and the others.
#[derive(Default)]
pub(super) struct Running<'f> {
    pub(super) followed: BTreeMap<usize, Runs<'f>>,
    pub(super) left: Vec<Runs<'f>>,
    pub(super) advice: Vec<Advice>,
}

impl<'f> Running<'f> {
    /// The running stacks beside new ones, where the options say where those run whose manifest does not say it.
    pub(super) fn of(
        input: &RunInput<'f>,
        new: &[Listed],
        options: Place,
    ) -> Result<Self, AccountError> {
        let files = &input.deployed_templates;
        let manifest = find(files, MANIFEST);
        match manifest.filter(|file| recognise(file.bytes) == Kind::CdkManifest) {
            Some(manifest) => Self::of_manifest(manifest, files, new, options),
            None => Ok(Self::of_files(files, new)),
        }
    }

    /// CloudFormation knows a stack by its name, account and Region.
    fn of_manifest(
        manifest: File<'f>,
        files: &[File<'f>],
        new: &[Listed],
        options: Place,
    ) -> Result<Self, AccountError> {
        let json = text::json(manifest)?;
        let (listed, advice) = manifest::stacks(manifest.name, &json, files)?;
        let folder = manifest.name.strip_suffix(MANIFEST).unwrap_or_default();
        let mut running = Self {
            advice,
            ..Self::default()
        };
        for old in listed {
            let path = [folder, &old.template_file].concat();
            let file = files.iter().find(|file| file.name == path).copied();
            if file.is_none() {
                running.advice.push(no_template(&old));
            }
            let open = |number: &usize| !running.followed.contains_key(number);
            let follower = follower(&old, new, options, open)?;
            let runs = Runs {
                listed: Some(old),
                file,
            };
            match follower {
                Some(number) => {
                    running.followed.insert(number, runs);
                }
                None => running.left.push(runs),
            }
        }
        Ok(running)
    }

    /// Without a manifest the names of the files tell which is which (ours).
    fn of_files(files: &[File<'f>], new: &[Listed]) -> Self {
        let mut running = Self::default();
        let is_of =
            |file: &File<'_>, listed: &Listed| find(&[*file], &listed.template_file).is_some();
        let of_longer = |file: &File<'_>, name: &str| {
            let mut longer = new.iter().filter(|it| it.template_file.len() > name.len());
            longer.any(|it| is_of(file, it))
        };
        for (number, listed) in new.iter().enumerate() {
            let name = &listed.template_file;
            let fitting = files.iter().filter(|file| !of_longer(file, name));
            let fitting: Vec<_> = fitting.copied().collect();
            if let Some(file) = find(&fitting, name) {
                let runs = Runs {
                    listed: None,
                    file: Some(file),
                };
                running.followed.insert(number, runs);
            }
        }
        let nested = files.iter().flat_map(|file| {
            let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
            nested_templates(*file, name).unwrap_or_default()
        });
        let nested: Vec<String> = nested.collect();
        let is_left = |file: &&File<'_>| {
            !new.iter().any(|listed| is_of(file, listed))
                && !nested.iter().any(|name| find(&[**file], name).is_some())
                && recognise(file.bytes) == Kind::CloudFormation
        };
        for file in files.iter().filter(is_left).copied() {
            running.advice.push(no_manifest(file.name));
            running.left.push(Runs {
                listed: None,
                file: Some(file),
            });
        }
        running
    }
}

/// The new stack that follows a running one, by its number: the one of its artifact first, if several can.
fn follower(
    old: &Listed,
    new: &[Listed],
    options: Place,
    is_open: impl Fn(&usize) -> bool,
) -> Result<Option<usize>, AccountError> {
    let stands = old.place(options);
    let numbered = || new.iter().enumerate();
    let of_name = numbered().filter(|(number, it)| {
        it.stack_name == old.stack_name && is_open(number) && !it.place(options).is_apart(&stands)
    });
    let fitting: Vec<_> = of_name.collect();
    let told_alike = fitting.iter().filter(|(_, it)| it.place(options) == stands);
    let mut told_alike: Vec<_> = told_alike.collect();
    told_alike.sort_by_key(|(_, it)| it.artifact != old.artifact);
    match (told_alike.first(), fitting.first()) {
        (Some((number, _)), _) => Ok(Some(*number)),
        (None, None) => Ok(None),
        (None, Some((_, other))) => {
            let words = format!(
                "the stack `{}` runs in `{}` by this manifest, and the new one of this name in `{}`: whether it is the same \
                 stack is not known; say the account and the Region with `--account-id` and `--region`",
                old.stack_name, old.environment, other.environment
            );
            Err(AccountError::of_file(&old.manifest, Fault::Json(words)))
        }
    }
}

impl Listed {
    /// Where it runs, with what options say of what its manifest does not.
    pub(super) fn place(&self, options: Place) -> Place {
        let told = environment(&self.environment);
        let region = told.region.or(options.region);
        Place {
            partition: region.map(|region| region.partition()),
            region,
            account: told.account.or(options.account),
            number: 0,
        }
    }
}

fn no_template(old: &Listed) -> Advice {
    let words = format!(
        "the template `{}` of the stack `{}`, which the running manifest names, is not among the running templates, and its \
         aliases are taken as not there: put it beside the manifest",
        old.template_file, old.artifact
    );
    Advice::new(AdviceRule::F8, words)
}

fn no_manifest(name: &str) -> Advice {
    let words = format!(
        "no stack of the new assembly has a template called as `{name}`, which runs, and no manifest beside it tells where: \
         its aliases may stand where the new ones are made; put the `{MANIFEST}` of the running assembly beside it"
    );
    Advice::new(AdviceRule::F8, words)
}

impl Runs<'_> {
    /// What it is called where the new stacks have the name of its stack.
    pub(super) fn label(&self) -> String {
        let file = self.file.map(|file| file.name.to_string());
        let of_file = || file.unwrap_or_default();
        let artifact = self.listed.as_ref().map(|it| it.artifact.to_owned());
        format!("{} (running)", artifact.unwrap_or_else(of_file))
    }
}
