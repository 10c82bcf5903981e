//! The tests of the linter, in one binary.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

mod files;
mod followed;
mod functions;
mod hostile;
mod kubernetes;
mod loops;
mod merged_documents;
mod near_misses;
mod oracle;
mod overrides;
mod places;
mod policies;
mod published;
mod robust;
mod rules;
mod template_loops;
mod templates;
mod terraform;
mod terraform_policies;
mod unknown;
