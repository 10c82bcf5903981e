//! The line of what is wrong in a template, found by reading its file again.

use alloc::format;
use alloc::string::String;
use core::ops::ControlFlow;

use super::keys;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::run::RunInput;
use crate::text;

/// An error with the line of its path, where its file has that.
pub(crate) fn placed(input: &RunInput<'_>, error: AccountError) -> AccountError {
    let path = match (&*error.fault, &error.entry) {
        (Fault::InTemplate { path, .. }, _) | (_, Some(path)) => path,
        _ => return error,
    };
    if error.line.is_some() {
        return error;
    }
    let beside = input.templates.iter().chain(&input.deployed_templates);
    let all = [&input.file].into_iter().chain(&input.deployed);
    let mut all = all.chain(beside);
    let file = all.find(|file| file.name == error.file);
    let line = file.and_then(|file| line_of(*file, path));
    AccountError { line, ..error }
}

/// The line of the deepest key that leads to a path; of one in a section, that of an entry there at least.
fn line_of(file: File<'_>, path: &str) -> Option<usize> {
    let json = text::json(file).ok()?;
    let within: String = format!("TemplateBody.{path}");
    let mut found: Option<(usize, usize)> = None;
    let _: Option<()> = keys::visit(&json, |key| {
        let at = key.path();
        let whole = if at.starts_with("TemplateBody.") {
            &within
        } else {
            path
        };
        let rest = whole.strip_prefix(at.as_str());
        let leads = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let is_section = key.around.len() == 1 || at == "TemplateBody.Resources";
        let is_deeper = found.is_none_or(|(length, _)| at.len() > length);
        if leads && is_deeper && (!is_section || at == whole) {
            found = Some((at.len(), key.line));
        }
        ControlFlow::Continue(())
    });
    found.map(|(_, line)| line)
}
