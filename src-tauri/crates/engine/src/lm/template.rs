//! A model's chat template (Jinja, from its file): messages become the text that it was trained on.

use minijinja::{Environment, ErrorKind, context};

use crate::lm::chat::Message;
use crate::lm::error::{ModelError, RunError};

/// What most models without a template of their own understand.
const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + \
                      '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}\
                      {% endif %}";
const NAME: &str = "chat";
/// Steps of a template, which comes from a stranger; real ones take a few thousand.
const MOST_STEPS: u64 = 2_000_000;

/// A template, ready to be filled in.
pub struct Template {
    environment: Environment<'static>,
    /// The texts that begin and end a text, as the template may write them.
    begin: String,
    end: String,
}

impl Template {
    /// `source` is the template, [`None`] for ChatML.
    ///
    /// # Errors
    /// `BadTemplate`.
    pub fn new(source: Option<&str>, begin: &str, end: &str) -> Result<Template, ModelError> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_fuel(Some(MOST_STEPS));
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |why: String| {
            Err::<String, _>(minijinja::Error::new(ErrorKind::InvalidOperation, why))
        });
        let source = source.unwrap_or(CHATML).to_owned();
        let added = environment.add_template_owned(NAME, source);
        added.map_err(|error| ModelError::BadTemplate(error.to_string()))?;
        Ok(Template {
            environment,
            begin: begin.to_owned(),
            end: end.to_owned(),
        })
    }

    /// The text up to where the model answers.
    ///
    /// # Errors
    /// `BadMessages` when the template refuses them.
    pub fn fill(&self, messages: &[Message]) -> Result<String, RunError> {
        let messages: Vec<_> = messages
            .iter()
            .map(|message| context! { role => message.role.name(), content => message.text })
            .collect();
        let filled = self.environment.get_template(NAME).and_then(|template| {
            template.render(context! {
                messages,
                add_generation_prompt => true,
                bos_token => self.begin,
                eos_token => self.end,
            })
        });
        filled.map_err(|error| RunError::BadMessages(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::chat::Role;

    fn said(role: Role, text: &str) -> Message {
        Message {
            role,
            text: text.to_owned(),
        }
    }

    #[test]
    fn without_a_template_it_is_chatml() {
        let template = Template::new(None, "", "").unwrap();
        let filled = template.fill(&[said(Role::System, "Be brief."), said(Role::User, "Hi")]);
        let expected = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n\
                        <|im_start|>assistant\n";
        assert_eq!(filled.unwrap(), expected);
    }

    #[test]
    fn what_python_templates_use_works() {
        let source = "{%- set ns = namespace(first=true) -%}\n{{ bos_token }}\n{%- for m in messages[1:] -%}\n\
                      {%- if not ns.first %}|{% endif %}{% set ns.first = false %}\n\
                      {{- m.content.strip().split('x')[0] | trim }}{{ m['role'].upper() }}\n{%- endfor -%}";
        let template = Template::new(Some(source), "<s>", "</s>").unwrap();
        let messages = [
            said(Role::System, "no"),
            said(Role::User, " a x b "),
            said(Role::User, "c"),
        ];
        assert_eq!(template.fill(&messages).unwrap(), "<s>aUSER|cUSER");
    }

    #[test]
    fn a_template_can_refuse_and_cannot_run_for_ever() {
        let template = Template::new(
            Some("{{ raise_exception('roles must alternate') }}"),
            "",
            "",
        )
        .unwrap();
        let refused = template.fill(&[]).unwrap_err();
        assert!(
            refused.to_string().contains("roles must alternate"),
            "{refused}"
        );
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}";
        let template = Template::new(Some(endless), "", "").unwrap();
        assert!(template.fill(&[]).is_err());
        assert!(Template::new(Some("{% if %}"), "", "").is_err());
    }
}
