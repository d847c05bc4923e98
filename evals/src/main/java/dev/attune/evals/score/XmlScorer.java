package dev.attune.evals.score;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** 1 where the whole answer is well-formed XML; entities and outside files are never looked up. */
final class XmlScorer implements Scorer {
    @Override
    public String name() {
        return "is_xml";
    }

    @Override
    public Score score(Sample sample) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(sample.text().strip()));
            while (reader.hasNext()) {
                reader.next();
            }
            reader.close();
            return Score.right();
        } catch (XMLStreamException e) {
            String said = String.valueOf(e.getMessage()).lines().reduce((a, b) -> b).orElse("").replace("Message: ",
                    "");
            return new Score(0, "the answer is not XML: " + said, "Answer with well-formed XML and nothing else.");
        }
    }
}
