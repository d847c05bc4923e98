"""Renders the templates here, and the snippets below, with the reference: jinja2 as transformers sets it up.

Writes golden.json and snippets.json. Run with a Python that has transformers (5.18) and jinja2 (3.1.6):
    python make_golden.py
More random snippets than are kept, for a search at leisure: python make_golden.py SEED COUNT > FILE, then run the test with
-Dattune.snippets=FILE.
"""
import copy, datetime, json, pathlib, random, sys
import transformers.utils.chat_template_utils as reference

HERE = pathlib.Path(__file__).parent
TODAY = datetime.datetime(2026, 3, 7, 15, 4, 5)


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return TODAY


reference.datetime = FixedDate

SPECIAL = {
    "chatml-tools": {"eos_token": "<|im_end|>"}, "thinking": {"eos_token": "<|im_end|>"},
    "headers": {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"},
    "inst": {"bos_token": "<s>", "eos_token": "</s>"}, "inst-tools": {"bos_token": "<s>", "eos_token": "</s>"},
    "turns": {"bos_token": "<bos>", "eos_token": "<eos>"}, "ends": {"bos_token": "<s>", "eos_token": "<|endoftext|>"},
    "zephyr": {"bos_token": "<s>", "eos_token": "</s>"}, "smol": {"eos_token": "<|im_end|>"},
    "deep": {"bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<｜end▁of▁sentence｜>"},
    "tokens-turns": {"bos_token": "<BOS_TOKEN>", "eos_token": "<|END_OF_TURN_TOKEN|>"},
    "sep": {"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>"}, "modes": {"eos_token": "<|im_end|>"},
    "turns-strict": {"bos_token": "<bos>", "eos_token": "<eos>"}, "schema-tools": {"bos_token": "", "eos_token": "<|im_end|>"},
    "roles": {"eos_token": "<|end_of_text|>"}, "plain": {"eos_token": "<|endoftext|>"},
}
# How a template wants its tool calls: arguments as JSON text, and no content at all beside them.
TEXT_ARGUMENTS = {"deep"}
NO_CONTENT = {"deep"}

WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather of a place.\nNow or later, <b>&</b> 'quoted'.",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": " Name of the city: Zürich, 東京 "},
        "days": {"type": ["integer", "null"], "minimum": 0, "default": 1},
        "units": {"type": "array", "items": {"type": "string", "enum": ["C", "F"]}},
        "limits": {"type": "object", "additionalProperties": {"type": "number"}, "default": {"low": -1.5, "high": 1e20, "x": 1e-7}}},
        "required": ["city"]}}}
TIME = {"type": "function", "function": {"name": "get_time", "description": "", "parameters": {"type": "object", "properties": {}}, "strict": True}}


def call(name, arguments, id="abc12DEF9"):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


U, A, S = (lambda c: {"role": "user", "content": c}), (lambda c: {"role": "assistant", "content": c}), (lambda c: {"role": "system", "content": c})
CONVERSATIONS = [
    {"name": "one question", "messages": [U("Hi")]},
    {"name": "question and answer", "messages": [U("What is 2 + 2?"), A("4")]},
    {"name": "system, two rounds", "messages": [S("You are terse.\nVery."), U(" a "), A(" b\n"), U("c\n\n"), A("\n\nd ")]},
    {"name": "odd letters", "messages": [S("Grüße 🙂"), U("naïve 👩‍👩‍👧 \u2028\u00a0x\u3000"), A("\\n {{ not }} {% a %} \"'<>&\u0007")]},
    {"name": "thoughts", "messages": [U("a"), A("<think>\nhm\n</think>\n\nb"), U("c"), A("<think>\nso\n</think>\n\nd")]},
    {"name": "developer", "messages": [{"role": "developer", "content": "Short answers."}, U("q"), A("r")]},
    {"name": "user twice", "messages": [U("a"), U("b")]},
    {"name": "empty answer", "messages": [U("a"), A("")]},
    {"name": "tools on offer", "messages": [S("Use tools."), U("Weather?")], "tools": [WEATHER, TIME]},
    {"name": "a call and its answer", "tools": [WEATHER], "messages": [
        U("Weather in Zürich?"),
        {"role": "assistant", "content": "", "tool_calls": [call("get_weather", '{"city": "Zürich", "days": 2, "deep": {"a": [1, 2.50, null, true]}}')]},
        {"role": "tool", "content": '{"temp": 3}', "tool_call_id": "abc12DEF9"}, A("3 °C")]},
    {"name": "two calls", "tools": [WEATHER, TIME], "messages": [
        U("Both?"),
        {"role": "assistant", "content": "", "tool_calls": [call("get_weather", '{"city":"Rom"}'), call("get_time", "{}", "abc12DEF8")]},
        {"role": "tool", "content": "3", "tool_call_id": "abc12DEF9"}, {"role": "tool", "content": "4", "tool_call_id": "abc12DEF8"},
        A("done")]},
    {"name": "words and a call", "tools": [TIME], "messages": [
        U("Time?"), {"role": "assistant", "content": "Let me see.", "tool_calls": [call("get_time", "{}")]}]},
]


def adapted(conversation, template, source):
    messages = copy.deepcopy(conversation["messages"])
    for message in messages:
        if message["role"] == "developer" and "developer" not in source:
            message["role"] = "system"
        for tool_call in message.get("tool_calls", []):
            if template not in TEXT_ARGUMENTS:
                tool_call["function"]["arguments"] = json.loads(tool_call["function"]["arguments"])
            if template in NO_CONTENT and message["content"] == "":
                message["content"] = None
    return messages


def golden():
    out = []
    for file in sorted(HERE.glob("*.jinja")):
        source = file.read_text()
        for conversation in CONVERSATIONS:
            for prompt in (False, True):
                case = {"template": file.name, "special": SPECIAL[file.stem], "conversation": conversation["name"], "prompt": prompt}
                try:
                    texts, spans = reference.render_jinja_template(
                        [adapted(conversation, file.stem, source)], tools=conversation.get("tools"), chat_template=source,
                        add_generation_prompt=prompt, return_assistant_tokens_mask=True, **SPECIAL[file.stem])
                    case["text"] = texts[0]
                    case["generations"] = [texts[0][a:b] for a, b in spans[0]]
                except Exception as e:
                    case["error"] = f"{type(e).__name__}: {e}"
                out.append(case)
    return {"conversations": CONVERSATIONS, "cases": out}


VARIABLES = {"s": "Hello wörld", "e": "", "n": 7, "neg": -3, "f": 2.5, "big": 123456789012345678, "t": True, "no": False, "none": None,
             "l": [3, 1, 2], "w": ["b", "A", "c", "a"], "d": {"b": 1, "a": [1, {"x": None}], "items2": "y"},
             "m": [{"role": "user", "n": 2, "c": {"k": "v"}}, {"role": "assistant", "n": 1}, {"role": "user", "n": 3, "c": {"k": "w"}}],
             "u": "a😀b\u00e9c", "sp": " \t x y \n", "q": "it's", "dq": 'say "hi"', "both": "it's \"so\"", "lines": "a\n\nb\r\nc\n"}

SNIPPETS = r'''
{{ s }}|{{ none }}|{{ t }}|{{ no }}|{{ n }}|{{ f }}|{{ missing }}|{{ l }}|{{ d }}|{{ (1,) }}|{{ (1, 'a') }}|{{ q }}|{{ [q, dq, both] }}
{{ 1 + 2 * 3 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ 7 % 3 }}|{{ -7 % 3 }}|{{ 7 / 2 }}|{{ 2 ** 10 }}|{{ 2 ** -1 }}|{{ 6 / 3 }}|{{ 7.5 // 2 }}|{{ -7.5 % 2 }}
{{ 2 ** 3 ** 2 }}|{{ -2 ** 2 }}|{{ (-2) ** 2 }}|{{ -n|abs }}|{{ +neg }}|{{ 1 - -1 }}
{{ 1_000 + 0x10 + 0b11 + 0o17 }}|{{ 1.5e3 }}|{{ 1e-7 }}|{{ 1e16 }}|{{ 1e15 }}|{{ 0.0001 }}|{{ 0.1 + 0.2 }}|{{ 100.0 }}|{{ 1e100 }}|{{ 12345678.9 }}
{{ 'a' 'b' "c" }}|{{ 'a\n\t\\\'\"\x41\u00e9\101' }}|{{ "\z" }}|{{ 'ä\n' }}
{{ 'a' ~ 1 ~ none ~ t ~ 2.0 ~ missing ~ [1] }}
{{ 'a' + 'b' }}|{{ [1] + [2] }}|{{ (1,) + (2,) }}|{{ 'ab' * 3 }}|{{ 3 * 'ab' }}|{{ [0] * 3 }}|{{ t + t }}|{{ t * 3 }}
{{ 'a' + 1 }}
{{ 1 + 'a' }}
{{ 'a' + none }}
{{ 'a' + missing }}
{{ missing.x }}
{{ d.missing.x }}
{{ missing['x'] }}
{{ d.missing }}|{{ d['missing'] }}|{{ l[9] }}|{{ s[99] }}|{{ none.x }}|{{ n.x }}
{{ l < 3 }}
{{ none < 3 }}
{{ 'a' < 'b' }}|{{ [1, 2] < [1, 3] }}|{{ 1 < 2 < 3 }}|{{ 3 > 2 > 2 }}|{{ 1 == 1.0 }}|{{ t == 1 }}|{{ none == no }}|{{ missing == missing2 }}|{{ missing == none }}|{{ 'a' == 1 }}|{{ [1] == (1,) }}|{{ {'a': 1} == {'a': 1.0} }}
{{ 'ell' in s }}|{{ 'b' in d }}|{{ 1 in l }}|{{ 9 not in l }}|{{ 'x' in missing }}|{{ not 'x' in d }}|{{ none in [none] }}|{{ 1.0 in l }}
{{ 'x' in none }}
{{ 1 in 'abc' }}
{{ t and 'x' }}|{{ e or 'y' }}|{{ e and 'z' }}|{{ not e }}|{{ none or 0 or [] or 'last' }}|{{ 1 and 2 or 3 }}
{{ 'yes' if t else 'no' }}|{{ 'yes' if no }}|{{ 1 if no else 2 if no else 3 }}|{{ ('a' if t else 'b') ~ 'c' }}
{{ u }}|{{ u|length }}|{{ u[1] }}|{{ u[1:3] }}|{{ u[::-1] }}|{{ u[-2:] }}|{{ u|reverse }}|{{ u|list }}|{{ u|upper }}
{{ l[::-1] }}|{{ l[1:] }}|{{ l[:-1] }}|{{ l[::2] }}|{{ l[5:] }}|{{ l[-1] }}|{{ l[-9:2] }}|{{ s[:5] }}|{{ s[-5:] }}|{{ s[1:8:2] }}|{{ (1,2,3)[1:] }}|{{ l[2:0:-1] }}|{{ l[none:2] }}
{{ s.upper() }}|{{ s.lower() }}|{{ s.title() }}|{{ 'hELLO wORLD 1a x-y it\'s'.title() }}|{{ 'hELLO'.capitalize() }}|{{ s.split() }}|{{ s.split('o') }}|{{ s.split('o', 1) }}|{{ s.rsplit('o', 1) }}|{{ ' a  b '.split(' ') }}|{{ ' a  b c'.split(none, 1) }}|{{ ''.split() }}|{{ ''.split(',') }}|{{ ' a b c '.rsplit(none, 1) }}
{{ '[' ~ sp.strip() ~ ']' }}|{{ '[' ~ sp.lstrip() ~ ']' }}|{{ '[' ~ sp.rstrip() ~ ']' }}|{{ 'xxaxx'.strip('x') }}|{{ 'xyaxy'.lstrip('yx') }}|{{ 'abc\n\n'.rstrip('\n') }}|
{{ s.startswith('He') }}|{{ s.endswith(('x', 'd')) }}|{{ s.startswith(('x', 'y')) }}|{{ s.replace('l', 'L') }}|{{ s.replace('l', 'L', 1) }}|{{ s.find('wö') }}|{{ s.find('zz') }}|{{ u.find('b') }}|{{ s.count('l') }}|{{ ', '.join(w) }}|{{ 'a\nb\r\nc\n'.splitlines() }}
{{ 'abc'.removeprefix('a') }}|{{ 'abc'.removesuffix('c') }}|{{ 'a=b=c'.partition('=') }}|{{ 'a=b=c'.rpartition('=') }}|{{ '12'.isdigit() }}|{{ 'ab'.isalpha() }}|{{ ' '.isspace() }}|{{ ''.isdigit() }}|{{ 'AB'.isupper() }}|{{ 'ab1'.isalnum() }}
{{ d.items() | list }}|{{ d.keys() | list }}|{{ d.values() | list }}|{{ d.get('b') }}|{{ d.get('zz') }}|{{ d.get('zz', 5) }}|{{ d['b'] }}|{{ d.b }}
{{ d.items is defined }}|{{ 'x' if d['items'] else 'y' }}|{{ d.items2 }}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}|{% for k in d %}{{ k }}{% endfor %}|{% for c in 'añ😀' %}{{ c }}.{% endfor %}
{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% else %}none{% endfor %}
{% for x in [] %}a{% else %}none{% endfor %}|{% for x in l if x > 5 %}a{% else %}none{% endfor %}|{% for x in l if x > 1 %}{{ x }}{{ loop.length }}{% endfor %}
{% for x in l %}{% for y in 'ab' %}{{ x }}{{ y }}{{ loop.depth }}{{ loop.index }} {% endfor %}{{ loop.index }}{% endfor %}
{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}|{{ range(3)|list }}|{{ range(1, 8, 3)|list }}|{{ range(3, 0, -1)|list }}
{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}|{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{% endfor %}
{% set x = 1 %}{% for i in l %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}
{% set ns = namespace(x=1, y='a') %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns.y }}{{ ns.zz }}|{% set ns2 = namespace({'k': 4}) %}{{ ns2.k }}
{% set d.b = 3 %}
{% if no %}a{% elif n > 5 %}b{% else %}c{% endif %}|{% if e %}a{% elif none %}b{% else %}c{% endif %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}|{% set x %}hi {{ n }}{% endset %}{{ x }}|{{ x|length }}|{% set x | upper | trim %} abc {% endset %}{{ x }}|{% set x = 1, 2 %}{{ x }}
{% macro g(a, b=2, c='x') %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ g(1) }}{{ g(1, c='z') }}{{ g() }}{{ g(a=5, b=n) }}{{ g(1)|length }}
{% macro g(a) %}{{ a }}{% endmacro %}{{ g(1, 2) }}
{% macro g(a) %}{{ a }}{% endmacro %}{{ g(z=2) }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{% set x = 5 %}{% macro f() %}{{ x }}{{ loop }}{% endmacro %}{% for i in l %}{{ f() }}{% endfor %}
{% macro f() %}{% set x = 9 %}{{ x }}{% endmacro %}{% set x = 1 %}{{ f() }}{{ x }}
{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}|{{ a }}
{{ s is string }}{{ d is mapping }}{{ l is sequence }}{{ d is sequence }}{{ s is sequence }}{{ n is sequence }}{{ l is iterable }}{{ n is iterable }}{{ missing is iterable }}{{ missing is sequence }}{{ n is number }}{{ t is number }}{{ f is float }}{{ n is integer }}{{ t is integer }}{{ t is boolean }}{{ none is none }}{{ missing is none }}{{ missing is defined }}{{ s is defined }}{{ missing is undefined }}{{ t is true }}{{ no is false }}{{ n is true }}{{ 1 is true }}
{{ 3 is odd }}{{ 4 is even }}{{ 6 is divisibleby(3) }}{{ 6 is divisibleby 4 }}{{ 'a' is in 'abc' }}{{ 1 is in [1, 2] }}{{ 1 is eq 1 }}{{ 1 is ne 2 }}{{ 1 is lt 2 }}{{ 2 is gt(1) }}{{ 'ab' is lower }}{{ 'AB' is upper }}{{ none is sameas none }}{{ s is not string }}{{ not s is string }}{{ 1 is not in [1] }}{{ range is callable }}
{{ 1 + 2 is odd }}
{{ n == 7 is defined }}|{{ s is string and n is number }}|{{ 'x' if s is string else 'y' }}
{{ missing | default('x') }}|{{ e | default('x') }}|{{ e | default('x', true) }}|{{ none | default('x') }}|{{ none | d('x', boolean=true) }}|{{ missing | default }}
{{ sp | trim }}|{{ 'xax' | trim('x') }}|{{ n | string | length }}|{{ none | trim }}|{{ missing | trim }}|{{ l | length }}|{{ missing | length }}|{{ d | count }}
{{ n | length }}
{{ none | length }}
{{ l | join }}|{{ w | join(', ') }}|{{ m | join('-', attribute='role') }}|{{ [1, none, 'a'] | join(',') }}|{{ missing | join }}
{{ l | first }}|{{ l | last }}|{{ [] | first }}|{{ s | first }}|{{ s | last }}|{{ l | sort }}|{{ w | sort }}|{{ w | sort(case_sensitive=true) }}|{{ l | sort(reverse=true) }}|{{ m | sort(attribute='n') | map(attribute='n') | list }}|{{ l | max }}|{{ w | min }}|{{ l | sum }}|{{ m | sum(attribute='n') }}
{{ l | map('string') | list }}|{{ w | map('upper') | join }}|{{ m | map(attribute='role') | list }}|{{ m | map(attribute='c.k', default='-') | list }}|{{ [' a ', 'b '] | map('trim') | join('+') }}|{{ ['aXb'] | map('replace', 'X', 'Y') | first }}
{{ m | selectattr('role', 'equalto', 'user') | list | length }}|{{ m | selectattr('c') | list | length }}|{{ m | rejectattr('role', 'eq', 'user') | list }}|{{ m | selectattr('c', 'defined') | map(attribute='n') | list }}|{{ l | select('odd') | list }}|{{ l | reject('gt', 1) | list }}|{{ [0, 1, '', 'a', none] | select | list }}|{{ m | selectattr('n', '>', 1) | list | length }}|{{ m | selectattr('role', 'in', ['user', 'x']) | map(attribute='n') | list }}
{{ 'x' if (l | select('gt', 100)) else 'y' }}
{{ l | select | length }}
{{ w | unique | list }}|{{ [1, 1, 2] | unique | list }}|{{ w | unique(case_sensitive=true) | list }}|{{ l | reverse | list }}|{{ d | dictsort }}|{{ d | dictsort(by='key', reverse=true) }}|{{ {'B': 1, 'a': 2} | dictsort }}|{{ {'B': 1, 'a': 2} | dictsort(true) }}|{{ {'a': 2, 'b': 1} | dictsort(by='value') }}
{{ '12' | int }}|{{ ' 12 ' | int }}|{{ 'x' | int }}|{{ 'x' | int(5) }}|{{ 3.9 | int }}|{{ '3.9' | int }}|{{ none | int }}|{{ 'ff' | int(0, 16) }}|{{ '2.5' | float }}|{{ 'x' | float }}|{{ t | int }}|{{ 2 | float }}
{{ 2.567 | round(2) }}|{{ 2.5 | round }}|{{ 3.5 | round }}|{{ 2.1 | round(0, 'ceil') }}|{{ 2.9 | round(method='floor') }}|{{ neg | abs }}|{{ 7 | round }}
{{ s | upper }}|{{ s | capitalize }}|{{ 'foo bar-baz (qux' | title }}|{{ s | replace('o', '0') }}|{{ s | replace('o', '0', 1) }}|{{ s | lower }}|{{ 'a b  c' | wordcount }}|{{ n | upper }}
{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb\n\nc\n' | indent(2, true) }}|{{ 'a\n\nb' | indent(2, blank=true) }}|{{ 'a\nb' | indent('> ') }}|{{ '' | indent }}
{{ d | tojson }}|{{ d | tojson(indent=2) }}|{{ [] | tojson(indent=2) }}|{{ {} | tojson(indent=2) }}|{{ 'ä"\\/<>&\'\u2028\x07' | tojson }}|{{ 'ä😀' | tojson(ensure_ascii=true) }}|{{ d | tojson(sort_keys=true) }}|{{ d | tojson(separators=(',', ':')) }}|{{ [1, 2.0, 1e20, none, t, (1, 2)] | tojson }}|{{ {1: 2, none: 3, no: 4} | tojson }}|{{ big | tojson }}|{{ l | tojson(indent='\t') }}
{{ missing | tojson }}
{{ d | items | list }}|{{ missing | items | list }}|{{ s | list }}|{{ d | list }}|{{ l | batch(2) | list }}|{{ l | batch(2, 'x') | list }}|{{ d | attr('b') }}|{{ s | safe }}
{{ dict(a=1, b=2) }}|{{ dict({'x': 1}, y=2) }}|{{ {'a': 1, 'b': {'c': [1]}}['b']['c'][0] }}|{{ {}.x }}|{{ {'a': 1}.a }}|{{ [[1, 2], [3]][0][1] }}
{{ raise_exception('no') }}
{{ strftime_now('%Y-%m-%d %H:%M:%S %d %b %B %a %A %j %y %p %I %% %-d %e %F') }}
{{ 'a' if none is none and not missing is defined or no else 'b' }}
{% raw %}{{ x }} {% if %}{% endraw %}|{%- raw -%}  a  {%- endraw -%}  |x
  {% if t %}
    a
  {% endif %}
b
  {%- if t -%}
    a
  {%- endif -%}
b
  {%+ if t %}a{% endif +%}
b
a {# comment #} b {#- c -#} d
  {# comment #}
x
  {{ n }}
  {{- n -}}
  x
{%- for x in l %}
  {{ x }}
{%- endfor %}
{% for x in l -%}
  {{ x }},
{% endfor %}end
{% generation %}{% set x = 1 %}{{ n }}{% endgeneration %}{{ x }}
{{ {'a': {'b': 1}} }}{{ '}}' }}{{ "{%" }}
{{ n.real }}
{{ d.pop('b') }}
{{ l.append(1) }}
{{ foo() }}
{{ s.foo() }}
{{ s() }}
{{ none() }}
{% include 'x' %}
{% extends 'x' %}
{% block x %}{% endblock %}
{% do x %}
{% import 'x' as y %}
{% call f() %}{% endcall %}
{{ x | nofilter }}
{{ x is notest }}
{% if t %}a
{% endif %}
{% for x in %}{% endfor %}
{{ a b }}
{{ 'abc }}
{{ (1, 2 }}
{{ 1 + }}
{{ }}
{# open
{% set = 1 %}
{% break %}
{% for x in l recursive %}{{ x }}{% endfor %}
{{ l | map('nofilter') | list }}
{{ m | selectattr('n', 'notest') | list }}
{{ 1 // 0 }}
{{ d | join(1, 2, 3) }}
{{ s | trim(1, 2) }}
{{ range(1, 2, 0) }}
{{ [1, 2, 3,] }}{{ (1, 2,) }}{{ {'a': 1,} }}{{ range(1, 3,) | list }}{{ () }}
{{ u.upper() ~ 'ß'.upper() ~ 'İ'.lower()|length }}|{{ 'ǆ'.title() }}|{{ 'ŉ'.upper() }}
{{ [1.0, -0.0, 1e22, 123456789.123, 5e-324, 1.7976931348623157e308, 0.1, 1/3, 1e-5, 12345678901234567.0] }}
{{ '\x00\x1f\x7f\xa0\xad\u200b\u2028\ufeff' ~ '' in ['x'] }}{{ ['\x00\x1f\x7f\xa0\xad\u200b\u2028\ufeff😀'] }}
{% set m2 = m[1:] + [{'role': 'x'}] %}{% for a in m2 %}{{ a.role }}{{ a['n'] }}{{ a.n is defined }}{% endfor %}
{%- set x = namespace(found=false) -%}{%- for a in m -%}{%- if a.role == 'assistant' and not x.found -%}{%- set x.found = true -%}{{ loop.index }}{%- endif -%}{%- endfor -%}
{{ m[0]['role'] in ['user'] and m|length > 2 and m[-1].c.k == 'w' }}
{{ (m | last).role }}{{ (m|selectattr('role', 'equalto', 'user')|list)[-1].n }}{{ (l|sort)[0] }}{{ l|first + 1 }}
{{ 'a' ~ 'b' * 2 ~ 1 + 2 }}
{{ 'a' in 'abc' and 'z' not in 'abc' }}{{ not (t and no) }}{{ 1 != 1 or 2 >= 2 }}
{{ "%s and %s" % ('a', 1) }}
{{ s.split(' ')[1][0] }}{{ s.split(' ')|last|length }}{{ (s ~ '!').endswith('!') }}
'''


def snippets():
    # A line that does not start one of these groups belongs to the snippet before it.
    groups, lines = [], SNIPPETS.strip("\n").split("\n")
    multi = {"  {% if t %}": 4, "  {%- if t -%}": 4, "  {%+ if t %}a{% endif +%}": 2, "  {# comment #}": 2, "  {{ n }}": 3,
             "{%- for x in l %}": 3, "{% for x in l -%}": 3, "{% if t %}a": 1}
    i = 0
    while i < len(lines):
        n = multi.get(lines[i], 1)
        groups.append("\n".join(lines[i:i + n]))
        i += n
    groups += ["a\n", "a\n\n", "\n{% if t %}\n\n{% endif %}\n", "a\r\nb\r\n{% if t %}\r\nc{% endif %}", "x{% if t %}\n  {% if t %} \n y{% endif %} {% endif %}\n\n",
               "{{ lines }}|{{ lines.splitlines() }}|{{ lines.split('\n') }}", "{{ 'a\nb' }}", "{% for x in l %}\n{{ x }}\n{% endfor %}\n{{ n }}\n",
               "  {#- a -#}  {{ n }}", "\t {% if t %}x{% endif %}", " x {% if t %}x{% endif %}", "{{ n }}\n {% if t %}x{% endif %}", "{% set x %}\n a\n{% endset %}[{{ x }}]"]
    return {"variables": VARIABLES, "cases": rendered(groups + random_cases(1, 60))}


def rendered(sources):
    out = []
    for source in sources:
        case = {"source": source}
        try:
            case["text"] = reference._compile_jinja_template(source).render(**copy.deepcopy(VARIABLES))
        except Exception as e:
            case["error"] = f"{type(e).__name__}: {e}"
        out.append(case)
    return out


PIECES = ["a", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "{{ n }}", "{{- n }}", "{{ n -}}", "{{- n -}}", "{{ '\n' }}", "{# c #}", "{#- c -#}", "{# c\n #}",
          "{#- c #}", "{# c -#}", "{% set x = 1 %}", "{%- set x = 1 %}", "{% set x = 1 -%}", "{%+ set x = 1 +%}", "{% raw %} r\n{% endraw %}", "{%- raw -%} r {%- endraw -%}",
          "{", "}", "%}", "{{ {'a': {}}.a }}", "\r\n"]
BLOCKS = [("{% if t %}", "{% endif %}"), ("{%- if t -%}", "{%- endif -%}"), ("{% for x in l %}", "{% endfor %}"), ("{%+ if t +%}", "{%+ endif %}"),
          ("{%- for x in l %}", "{%- endfor %}"), ("{% if no %}", "{% else %}e{% endif %}"), ("{% generation %}", "{% endgeneration %}"), ("{% set y %}", "{% endset %}[{{ y }}]")]
VALUES = ["s", "e", "n", "neg", "f", "t", "no", "none", "l", "w", "d", "u", "missing", "1", "0", "2.0", "'a'", "''", "[]", "[1, 'a']", "{}", "(1, 2)", "-1", "'ab'", "[0.5, none]"]


def blank(random):
    """A template of nothing but blanks, newlines and delimiters."""
    out = ""
    for _ in range(random.randint(1, 9)):
        if random.random() < 0.25:
            begin, end = random.choice(BLOCKS)
            out += begin + "".join(random.choice(PIECES) for _ in range(random.randint(0, 4))) + end
        else:
            out += random.choice(PIECES)
    return out


def expression(random, depth):
    if depth == 0 or random.random() < 0.15:
        return random.choice(VALUES)
    sub = lambda: expression(random, depth - 1)
    kind = random.randrange(12)
    if kind < 3:
        return f"{sub()} {random.choice(['+', '-', '*', '/', '//', '%', '~', '==', '!=', '<', '>=', 'in', 'not in', 'and', 'or'])} {sub()}"
    if kind == 3:
        return f"({sub()})"
    if kind == 4:
        return f"not {sub()}"
    if kind == 5:
        return f"{random.choice(['s', 'l', 'w', 'd', 'u', 'n', 'missing', 'm[0].role', 'm'])}[{random.choice(['0', '-1', '1:', ':-1', '::-1', '::2', '-2:', '1:9', ':0'])}]"
    if kind == 6:
        return f"({sub()}) is {random.choice(['', 'not '])}{random.choice(['string', 'none', 'defined', 'mapping', 'sequence', 'iterable', 'number', 'true', 'false', 'integer', 'float', 'boolean'])}"
    if kind == 7:
        return f"({sub()} if {sub()} else {sub()})"
    if kind < 11:
        return f"({sub()}) | {random.choice(['length', 'trim', 'upper', 'lower', 'string', 'list', 'first', 'last', 'tojson', 'default(7)', 'default(7, true)', 'join', 'int', 'float', 'sort', 'capitalize', 'title', 'abs', 'unique | list', 'reverse | list', 'sum', 'max', 'select | list', 'tojson(indent=1)', 'indent', 'wordcount'])}"
    return f"[{sub()}, {sub()}]"


def random_cases(seed, count):
    source = random.Random(seed)
    cases = [blank(source) for _ in range(count)]
    return cases + ["{{ " + expression(source, source.randint(1, 4)) + " }}" for _ in range(2 * count)]


def write(name, value):
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:  # a seed and a count: more random snippets than are kept here
        cases = rendered(random_cases(int(sys.argv[1]), int(sys.argv[2])))
        json.dump({"variables": VARIABLES, "cases": cases}, sys.stdout)
        sys.exit()
    write("golden.json", golden())
    write("snippets.json", snippets())
