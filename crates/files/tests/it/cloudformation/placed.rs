//! The line of what is wrong in a template: that of the deepest key that leads there.

use super::*;
use kms_alias_files::Fault;

const TEMPLATE: &str = "\
Parameters:
  Env:
    Type: String
    Default: prod
Conditions:
  A: !Condition B
  B: !Condition B
Resources:
  Key:
    Type: AWS::KMS::Key
  Alias:
    Type: AWS::KMS::Alias
    DependsOn:
      - Key
      - Missing
    Properties:
      AliasName: !If
        - Prod
        - alias/a
        - !Sub
          - alias/${x}
          - x: !Select [2, [a]]
      TargetKeyId: !Ref Key
Outputs:
  O:
    Value: !GetAtt Key.Nothing
";

/// Where the template is wrong without some of its lines, and what is wrong there.
#[track_caller]
fn wrong(without: &[usize]) -> (Option<usize>, String) {
    let lines = TEMPLATE.lines().enumerate();
    let kept = lines.filter(|(index, _)| !without.contains(&(index + 1)));
    let text: Vec<_> = kept.map(|(_, line)| line).collect();
    let error = {
        let text = text.join("\n");
        let file = File {
            name: "t",
            bytes: text.as_bytes(),
        };
        let input = RunInput::new(file, NOW);
        let mut accounts = Accounts::unknown(Options::default());
        read_run(&input, &mut accounts).expect_err("the template is wrong")
    };
    let path = match error.fault() {
        Fault::InTemplate { path, .. } => path.clone(),
        other => panic!("{other:?}"),
    };
    (error.line(), path)
}

#[test]
fn what_is_wrong_in_a_template_has_the_line_of_its_path() {
    // In the order in which it is found; a line above that is taken out is counted no more.
    assert_eq!(wrong(&[]), (Some(7), "Conditions.B".to_owned()));
    let circle = [5, 6, 7];
    let named = "Resources.Alias.DependsOn".to_owned();
    assert_eq!(wrong(&circle), (Some(10), named));
    let and_name = [&circle[..], &[13, 14, 15]].concat();
    let condition = "Resources.Alias.Properties.AliasName".to_owned();
    assert_eq!(wrong(&and_name), (Some(11), condition));
    let and_condition = [&and_name[..], &[17, 18, 19, 20, 21, 22]].concat();
    let attribute = "Outputs.O.Value".to_owned();
    assert_eq!(wrong(&and_condition), (Some(14), attribute));
}

/// What a loop makes stands under no name of its own in the file: no line is made up for it.
#[test]
fn what_a_loop_makes_has_no_line() {
    let looped = json!({
        "Transform": "AWS::LanguageExtensions",
        "Resources": {
            "K": key(json!({})),
            "Fn::ForEach::Each": ["X", ["a"], {"A${X}": alias(json!("alias/a"), json!({"Fn::GetAtt": ["K", "Foo"]}))}]
        }
    });
    let text = format!("{looped:#}");
    let file = File {
        name: "t",
        bytes: text.as_bytes(),
    };
    let mut accounts = Accounts::unknown(Options::default());
    let error = read_run(&RunInput::new(file, NOW), &mut accounts).expect_err("no attribute Foo");
    assert_eq!(error.line(), None, "{error}");
}
