// Calls azidentity and msgraph-sdk-go against a local tenant and prints a line of JSON for each call.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	auth "github.com/microsoft/kiota-authentication-azure-go"
	msgraph "github.com/microsoftgraph/msgraph-sdk-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

func step(run string, call func() (any, error)) {
	answer, err := call()
	line := map[string]any{"run": run, "answer": answer}
	if err != nil {
		message := err.Error()
		var problem *odataerrors.ODataError
		if errors.As(err, &problem) && problem.GetErrorEscaped() != nil {
			message = *problem.GetErrorEscaped().GetMessage()
		}
		line = map[string]any{"run": run, "error": message}
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func main() {
	ctx := context.Background()
	url, tenant, client := os.Getenv("TENANT_URL"), os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID")
	scopes := []string{url + "/.default"}
	options := azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: url}}
	token := func(credential azcore.TokenCredential) (any, error) {
		got, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: scopes})
		return map[string]any{"hasToken": got.Token != ""}, err
	}
	bySecret := func(secret string) *azidentity.ClientSecretCredential {
		credential, err := azidentity.NewClientSecretCredential(tenant, client, secret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
		if err != nil {
			panic(err)
		}
		return credential
	}
	credential := bySecret(os.Getenv("AZURE_CLIENT_SECRET"))
	step("ClientSecretCredential.GetToken", func() (any, error) { return token(credential) })
	step("ClientSecretCredential.GetToken, a wrong secret", func() (any, error) { return token(bySecret("wrong")) })
	step("ClientAssertionCredential.GetToken", func() (any, error) {
		assertion, err := azidentity.NewClientAssertionCredential(tenant, client,
			func(context.Context) (string, error) { return os.Getenv("ASSERTION"), nil },
			&azidentity.ClientAssertionCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
		if err != nil {
			return nil, err
		}
		return token(assertion)
	})

	provider, err := auth.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(credential, scopes, []string{"localhost"})
	if err != nil {
		panic(err)
	}
	adapter, err := msgraph.NewGraphRequestAdapter(provider)
	if err != nil {
		panic(err)
	}
	adapter.SetBaseUrl(url + "/v1.0")
	graph := msgraph.NewGraphServiceClient(adapter)

	id, appID := "", ""
	step("Applications.Post", func() (any, error) {
		application := models.NewApplication()
		name := "From Go"
		application.SetDisplayName(&name)
		made, err := graph.Applications().Post(ctx, application, nil)
		if err != nil {
			return nil, err
		}
		id, appID = *made.GetId(), *made.GetAppId()
		return map[string]any{"id": id, "displayName": made.GetDisplayName(), "audience": made.GetSignInAudience()}, nil
	})
	step("Applications.ByApplicationId.Patch", func() (any, error) {
		change, notes := models.NewApplication(), "hello"
		change.SetNotes(&notes)
		_, err := graph.Applications().ByApplicationId(id).Patch(ctx, change, nil)
		return nil, err
	})
	step("ApplicationsWithAppId.Get", func() (any, error) {
		found, err := graph.ApplicationsWithAppId(&appID).Get(ctx, nil)
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": found.GetId(), "notes": found.GetNotes()}, nil
	})
	step("ServicePrincipals.Post", func() (any, error) {
		principal := models.NewServicePrincipal()
		principal.SetAppId(&appID)
		made, err := graph.ServicePrincipals().Post(ctx, principal, nil)
		if err != nil {
			return nil, err
		}
		return map[string]any{"displayName": made.GetDisplayName()}, nil
	})
	step("Applications.ByApplicationId.Delete", func() (any, error) {
		return nil, graph.Applications().ByApplicationId(id).Delete(ctx, nil)
	})
	step("Applications.ByApplicationId.Get, deleted", func() (any, error) {
		_, err := graph.Applications().ByApplicationId(id).Get(ctx, nil)
		return nil, err
	})
}
