import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.graph.applications.item.addpassword.AddPasswordPostRequestBody;
import com.microsoft.graph.models.Application;
import com.microsoft.graph.models.FederatedIdentityCredential;
import com.microsoft.graph.models.PasswordCredential;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.models.WebApplication;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.authentication.AzureIdentityAuthenticationProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Calls azure-identity and microsoft-graph against a local tenant and prints a line of JSON for each call. */
public final class Sdk {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String URL = System.getenv("TENANT_URL");
  private static final String TENANT = System.getenv("AZURE_TENANT_ID");
  private static final String CLIENT = System.getenv("AZURE_CLIENT_ID");

  public static void main(String[] args) throws Exception {
    TokenCredential credential = bySecret(System.getenv("AZURE_CLIENT_SECRET"));
    step("ClientSecretCredential.getToken", () -> token(credential));
    step("ClientSecretCredential.getToken, a wrong secret", () -> token(bySecret("wrong")));
    step("ClientCertificateCredential.getToken", () -> token(new ClientCertificateCredentialBuilder()
        .authorityHost(URL).disableInstanceDiscovery().tenantId(TENANT).clientId(CLIENT)
        .pemCertificate(System.getenv("CERTIFICATE_FILE")).build()));
    step("ClientAssertionCredential.getToken", () -> token(new ClientAssertionCredentialBuilder()
        .authorityHost(URL).disableInstanceDiscovery().tenantId(TENANT).clientId(CLIENT)
        .clientAssertion(() -> System.getenv("ASSERTION")).build()));
    step("DefaultAzureCredential.getToken, from AZURE_* in the environment", () -> token(
        new DefaultAzureCredentialBuilder().disableInstanceDiscovery().build()));

    GraphServiceClient graph = new GraphServiceClient(new AzureIdentityAuthenticationProvider(
        credential, new String[] {"localhost"}, URL + "/.default"));
    graph.getRequestAdapter().setBaseUrl(URL + "/v1.0");
    applications(graph);
    System.exit(0);
  }

  private static void applications(GraphServiceClient graph) throws Exception {
    Application made = new Application();
    step("applications().post", () -> {
      Application application = new Application();
      application.setDisplayName("From Java");
      WebApplication web = new WebApplication();
      web.setRedirectUris(List.of("https://files.example.com/cb"));
      application.setWeb(web);
      Application answer = graph.applications().post(application);
      made.setId(answer.getId());
      made.setAppId(answer.getAppId());
      return members("id", answer.getId(), "appId", answer.getAppId(), "displayName", answer.getDisplayName(),
          "audience", answer.getSignInAudience(), "redirectUris", answer.getWeb().getRedirectUris());
    });
    String id = made.getId();
    step("applications().byApplicationId(id).patch", () -> {
      Application change = new Application();
      change.setNotes("hello");
      graph.applications().byApplicationId(id).patch(change);
      return null;
    });
    step("applicationsWithAppId(appId).get", () -> {
      Application found = graph.applicationsWithAppId(made.getAppId()).get();
      return members("id", found.getId(), "notes", found.getNotes());
    });
    step("applications().get with $filter, $select, $count", () -> {
      var page = graph.applications().get(request -> {
        request.queryParameters.filter = "startswith(displayName,'From')";
        request.queryParameters.select = new String[] {"id", "displayName"};
        request.queryParameters.count = true;
        request.headers.add("ConsistencyLevel", "eventual");
      });
      return members("count", page.getOdataCount(), "id", page.getValue().get(0).getId());
    });
    step("applications().byApplicationId(id).addPassword().post", () -> {
      PasswordCredential password = new PasswordCredential();
      password.setDisplayName("rotated");
      AddPasswordPostRequestBody body = new AddPasswordPostRequestBody();
      body.setPasswordCredential(password);
      PasswordCredential answer = graph.applications().byApplicationId(id).addPassword().post(body);
      return members("displayName", answer.getDisplayName(), "hasSecret", answer.getSecretText() != null);
    });
    step("applications().byApplicationId(id).federatedIdentityCredentials().post", () -> {
      FederatedIdentityCredential trusted = new FederatedIdentityCredential();
      trusted.setName("github");
      trusted.setIssuer("https://token.actions.githubusercontent.com");
      trusted.setSubject("repo:contoso/files:ref:refs/heads/main");
      trusted.setAudiences(List.of("api://AzureADTokenExchange"));
      var answer = graph.applications().byApplicationId(id).federatedIdentityCredentials().post(trusted);
      return members("name", answer.getName(), "audiences", answer.getAudiences());
    });
    step("servicePrincipals().post", () -> {
      ServicePrincipal principal = new ServicePrincipal();
      principal.setAppId(made.getAppId());
      ServicePrincipal answer = graph.servicePrincipals().post(principal);
      return members("displayName", answer.getDisplayName(), "enabled", answer.getAccountEnabled());
    });
    step("applications().byApplicationId(id).delete", () -> {
      graph.applications().byApplicationId(id).delete();
      return null;
    });
    step("applications().byApplicationId(id).get, deleted", () -> graph.applications().byApplicationId(id).get());
    step("directory().deletedItems().byDirectoryObjectId(id).restore().post", () ->
        members("id", graph.directory().deletedItems().byDirectoryObjectId(id).restore().post().getId()));
  }

  private static TokenCredential bySecret(String secret) {
    return new ClientSecretCredentialBuilder()
        .authorityHost(URL).disableInstanceDiscovery().tenantId(TENANT).clientId(CLIENT).clientSecret(secret).build();
  }

  private static Object token(TokenCredential credential) {
    String token = credential.getTokenSync(new TokenRequestContext().addScopes(URL + "/.default")).getToken();
    return members("hasToken", token != null && !token.isEmpty());
  }

  private static void step(String run, Callable<Object> call) throws Exception {
    Map<String, Object> line = members("run", run);
    try {
      line.put("answer", call.call());
    } catch (ODataError problem) {
      line.put("error", problem.getError().getMessage());
    } catch (Exception problem) {
      line.put("error", String.valueOf(problem.getMessage()));
    }
    System.out.println(JSON.writeValueAsString(line));
  }

  private static Map<String, Object> members(Object... pairs) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int at = 0; at < pairs.length; at += 2) members.put((String) pairs[at], pairs[at + 1]);
    return members;
  }
}
