/** What turns messages into tokens: encodings, tokenizer.json, chat templates, and the mask that says which tokens are trained. */
@NullMarked
package dev.attune.text;

import org.jspecify.annotations.NullMarked;
