package dev.attune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments of calls against the schema of the tool: each keyword with a value that fits and one that does not. */
class ArgumentSchemaTest {
    private static String check(String schema, String arguments) {
        return ArgumentSchema.check((Map<?, ?>) StrictJson.parse(schema).value(), StrictJson.parse(arguments).value())
                .map(mismatch -> (mismatch.pointer() + " " + mismatch.message()).strip()).orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"object"}                                             | {}            | []              | must be of the type object, not []
            {"properties":{"a":{"type":"string"}}}                        | {"a":"x"}     | {"a":7}         | /a must be of the type string, not 7
            {"properties":{"a":{"type":["string","null"]}}}               | {"a":null}    | {"a":7}         | /a must be of the type string or null, not 7
            {"properties":{"a":{"type":"string","nullable":true}}}        | {"a":null}    | {"a":false}     | /a must be of the type string, not false
            {"properties":{"a":{"type":"integer"}}}                       | {"a":2.0}     | {"a":2.5}       | /a must be of the type integer, not 2.5
            {"properties":{"a":{"enum":["c","f"]}}}                       | {"a":"c"}     | {"a":"k"}       | /a must be one of ["c","f"], not k
            {"properties":{"a":{"const":1}}}                              | {"a":1.0}     | {"a":2}         | /a must be 1, not 2
            {"required":["city"]}                                         | {"city":"x"}  | {"town":"x"}    | lacks 'city'
            {"properties":{"a":{}},"additionalProperties":false}          | {"a":1}       | {"a":1,"b/c":2} | /b~1c is not a parameter of the tool
            {"additionalProperties":{"type":"number"}}                    | {"b":1}       | {"b":"1"}       | /b must be of the type number, not 1
            {"properties":{"a":{"items":{"type":"number"},"maxItems":2}}} | {"a":[1]}     | {"a":[1,"2"]}   | /a/1 must be of the type number, not 2
            {"properties":{"a":{"minItems":1}}}                           | {"a":[1]}     | {"a":[]}        | /a has 0 items, but at least 1 is asked for
            {"properties":{"a":{"maxLength":2}}}                          | {"a":"😀😀"}  | {"a":"abc"}     | /a has 3 characters, but at most 2 is asked for
            {"properties":{"a":{"pattern":"^[a-z]+$"}}}                   | {"a":"abc"}   | {"a":"A"}       | /a must match the pattern ^[a-z]+$, and does not: A
            {"properties":{"a":{"minimum":0,"maximum":10}}}               | {"a":10}      | {"a":10.5}      | /a is 10.5, but at most 10 is asked for
            {"properties":{"a":{"exclusiveMinimum":0}}}                   | {"a":1}       | {"a":0}         | /a must be above 0, not 0
            {"properties":{"a":{"anyOf":[{"type":"string"},{"const":1}]}}} | {"a":1}      | {"a":2}         | /a fits none of the 2 forms that the tool takes
            {"properties":{"a":{"oneOf":[{"minimum":1},{"minimum":5}]}}}  | {"a":2}       | {"a":6}         | /a fits several forms of which the tool takes exactly one
            {"allOf":[{"required":["a"]},{"required":["b"]}]}             | {"a":1,"b":2} | {"a":1}         | lacks 'b'
            {"$defs":{"t":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/t"}}} | {"a":""} | {"a":1}  | /a must be of the type string, not 1
            """)
    void eachKeyword(String schema, String good, String bad, String message) {
        assertThat(check(schema, good)).isEmpty();
        assertThat(check(schema, bad)).isEqualTo(message);
    }

    @Test
    void whatIsNotUnderstoodIsNotJudged() {
        assertThat(check("{\"properties\":{\"a\":{\"pattern\":\"(?<-x>\"}}}", "{\"a\":\"x\"}")).isEmpty();
        assertThat(check("{\"properties\":{\"a\":{\"$ref\":\"https://example.com/s\"}}}", "{\"a\":1}")).isEmpty();
        assertThat(check("{\"$ref\":\"#\"}", "{\"a\":1}")).isEmpty();
    }

    @Test
    void aCallThatItsToolWouldRefuseIsAWarning() {
        Dataset dataset = Rows.withGood(
                """
                        {"messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\\"town\\":\\"Paris\\"}"}}]}],"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}""");
        assertThat(dataset.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("tool_arguments_mismatch");
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.pointer()).isEqualTo("/messages/1/tool_calls/0/function/arguments");
            assertThat(problem.message()).contains("the object lacks 'city'");
        });
        assertThat(dataset.rows()).hasSize(11);
    }
}
