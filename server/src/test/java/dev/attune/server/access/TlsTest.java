package dev.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.server.Rig;
import dev.attune.server.store.ServerException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    /** A key pair as openssl writes it: two PEM files. */
    private KeyStore pair(String algorithm) throws Exception {
        Path store = folder.resolve("store.p12");
        var keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "a", "-keyalg", algorithm, "-dname", "CN=localhost", "-ext",
                "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
                "changeit").inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        pem("cert.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded());
        return keys;
    }

    private void pem(String name, String kind, byte[] content) throws Exception {
        Files.writeString(folder.resolve(name), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aServerProvesWhoItIs(String algorithm) throws Exception {
        KeyStore trusted = pair(algorithm);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (var rig = Rig.start(Rig.settings(folder.resolve("home"), 0, "")
                .with(new Tls(folder.resolve("cert.pem"), folder.resolve("key.pem"))));
                var http = HttpClient.newBuilder().sslContext(context).build()) {
            assertThat(rig.server().baseUrl().getScheme()).isEqualTo("https");
            var answer = http.send(HttpRequest.newBuilder(URI.create(rig.server().baseUrl() + "/models")).build(),
                    BodyHandlers.ofString());
            assertThat(answer.body()).contains("tiny-chat");
            var said = http.send(HttpRequest.newBuilder(URI.create(rig.server().baseUrl() + "/chat/completions"))
                    .POST(HttpRequest.BodyPublishers
                            .ofString("{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\","
                                    + "\"content\":\"x\"}],\"max_tokens\":3,\"stream\":true}"))
                    .build(), BodyHandlers.ofString());
            assertThat(said.body()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void whatIsNoKeyOrCertificateIsNamed() throws Exception {
        pair("EC");
        var wrongKey = new Tls(folder.resolve("cert.pem"), folder.resolve("cert.pem"));
        assertThatThrownBy(wrongKey::store).isInstanceOf(ServerException.class).hasMessageContaining("PKCS #8");
        var noFile = new Tls(folder.resolve("nothing.pem"), folder.resolve("key.pem"));
        assertThatThrownBy(noFile::store).isInstanceOf(ServerException.class).hasMessageContaining("nothing.pem");
    }
}
